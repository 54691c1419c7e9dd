/** A secret, or a signature: 64 bytes in base64 (Kraken docs, REST authentication), in a URL or not. */
const SIXTY_FOUR_BYTES = /(?<![\w+/])(?:[A-Za-z0-9+/]|%2[BbFf]){86}(?:==|%3[Dd]%3[Dd])/g;
/** An API key: 56 characters of base64. */
const API_KEY = /(?<![\w+/=])[A-Za-z0-9+/]{56}(?![\w+/=])/g;

/**
 * Takes out of a text whatever has the shape of an API key, a secret or a signature: a target may print its own,
 * and what it prints is kept as evidence.
 */
export function redact(text: string): string {
  return text
    .replace(SIXTY_FOUR_BYTES, '[secret or signature taken out]')
    .replace(API_KEY, '[API key taken out]');
}
