/** Replaces every secret in a text. */
export type Redact = (text: string) => string;

const REDACTED = '[redacted]';

/** Shorter ones are no secrets of Kraken's (a key has 56 characters), and would be found in innocent words. */
const SECRET_LENGTH_MIN = 8;

/** How deep an error's causes and facts are searched; the end of a circular one. */
const DEPTH_MAX = 8;

/** How a character of base64 can be written: as it is, URL-encoded, JSON- or PHP-escaped, or as base64url. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '+': String.raw`(?:\+|%2B|-| |\\u002b)`,
  '/': String.raw`(?:\\?/|%2F|_|\\u002f)`,
  '=': String.raw`(?:=|%3D|\\u003d)?`,
};

/**
 * Makes a {@link Redact} for these secrets, by their value, in every spelling that a server or a library on the way
 * may give them.
 */
export function createRedact(secrets: readonly string[], lengthMin: number = SECRET_LENGTH_MIN): Redact {
  const patterns = secrets.filter((secret) => secret.length >= lengthMin).map(patternOf);
  if (patterns.length === 0) return (text) => text;
  const anySecret = new RegExp(patterns.join('|'), 'gi');
  return (text) => text.replace(anySecret, REDACTED);
}

/** The pattern is matched without regard to case, for the sake of `%2b`. */
function patternOf(secret: string): string {
  const spelled = [...secret].map(
    (character) => SPELLINGS[character] ?? character.replaceAll(/[^A-Za-z0-9]/g, String.raw`\$&`),
  );
  return spelled.join('');
}

/** The forms of an API secret: base64, as Kraken hands it out, and hexadecimal, as a debugger shows its bytes. */
export function secretForms(apiSecret: string): readonly string[] {
  return [apiSecret, Buffer.from(apiSecret, 'base64').toString('hex')];
}

/**
 * Redacts an error in place: its message, its stack, its facts, its causes. Lists and plain objects in it are
 * replaced by redacted copies, because they may be in use elsewhere; objects of other classes are left alone.
 */
export function redactError(error: unknown, redact: Redact): void {
  redactIn(error, redact, DEPTH_MAX);
}

function redactIn(holder: unknown, redact: Redact, depth: number): void {
  if (depth === 0 || !(holder instanceof Error)) return;
  for (const name of Object.getOwnPropertyNames(holder)) {
    const value: unknown = Reflect.get(holder, name);
    const redacted = redactValue(value, redact, depth - 1);
    if (redacted !== value)
      Object.defineProperty(holder, name, { value: redacted, configurable: true, writable: true });
  }
}

/** @returns the value itself when there is nothing to redact in it */
function redactValue(value: unknown, redact: Redact, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (value instanceof Error) redactIn(value, redact, depth);
  if (depth === 0 || !isData(value)) return value;
  const entries = Object.entries(value).map(
    ([name, part]) => [name, redactValue(part, redact, depth - 1)] as const,
  );
  if (entries.every(([name, part]) => part === Reflect.get(value, name))) return value;
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

/** A list or a plain object. */
function isData(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
