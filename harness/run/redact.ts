/** A secret, or a signature: 64 bytes in base64 (Kraken docs, REST authentication), in a URL or not. */
const SIXTY_FOUR_BYTES = /(?<![\w+/])(?:[A-Za-z0-9+/]|%2[BbFf]){86}(?:==|%3[Dd]%3[Dd])/g;
/** An API key: 56 characters of base64. */
const API_KEY = /(?<![\w+/=])[A-Za-z0-9+/]{56}(?![\w+/=])/g;

/** Shorter values guard nothing, and may stand anywhere as a word. */
const PREFIX_CHARS = 16;
/** What a credential can be part of: base64 of either alphabet, in a URL or in JSON. */
const RUN = /[\w+/%\\-]{16,}/g;

/**
 * Makes a function that takes out of a text every one of `secrets`, as it is, URL-encoded, escaped for JSON, in
 * the other base64 alphabet or without padding; and whatever else has the shape of an API key, a secret or a
 * signature. A target may print its own, and what it prints is kept as evidence. Its time does not grow with the
 * number of secrets.
 */
export function createRedactor(secrets: Iterable<string>): (text: string) => string {
  const forms = formsByPrefix(secrets);
  return (text) =>
    text
      .replace(RUN, (run) => withoutForms(run, forms))
      .replace(SIXTY_FOUR_BYTES, '[secret or signature taken out]')
      .replace(API_KEY, '[API key taken out]');
}

/** The forms of every secret, by their first characters. */
type Forms = ReadonlyMap<string, readonly string[]>;

function formsByPrefix(secrets: Iterable<string>): Forms {
  const forms = new Map<string, string[]>();
  for (const secret of secrets) {
    for (const form of formsOf(secret.replace(/=+$/, ''))) {
      if (form.length < PREFIX_CHARS) continue;
      const prefix = form.slice(0, PREFIX_CHARS);
      forms.set(prefix, [...(forms.get(prefix) ?? []), form]);
    }
  }
  return forms;
}

function formsOf(bare: string): ReadonlySet<string> {
  return new Set([
    bare,
    encodeURIComponent(bare),
    bare.replaceAll('/', String.raw`\/`),
    bare.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
}

function withoutForms(run: string, forms: Forms): string {
  let clean = '';
  let at = 0;
  while (at < run.length) {
    const form = forms.get(run.slice(at, at + PREFIX_CHARS))?.find((one) => run.startsWith(one, at));
    clean += form === undefined ? run[at] : '[credential taken out]';
    at += form?.length ?? 1;
  }
  return clean;
}
