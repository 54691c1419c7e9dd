/** One string of Kraken's `error` list, taken apart. */
export interface KrakenErrorInfo {
  /** `warning` for strings that start with `W`: the call did what it was asked to. */
  readonly severity: 'error' | 'warning';
  /** `API`, `General`, `Order`, …; empty when the string does not follow the grammar. */
  readonly category: string;
  /** `Invalid nonce`, `Invalid arguments`, … */
  readonly message: string;
  /** What follows the message's colon: `ordertype` in `EGeneral:Invalid arguments:ordertype`. */
  readonly extra: string | undefined;
  /** The string as Kraken sent it. */
  readonly raw: string;
}

/** The part before the first colon. */
const HEAD = /^([EW])([A-Za-z]+)$/;

/**
 * Takes apart `<E|W><Category>:<message>[:extra]` (Kraken docs, errors guide). Blanks around the parts are
 * dropped: Kraken writes `EService: Throttled: 1700000000` (Kraken docs, rate limits). Anything else is an
 * error whose message is the whole string.
 */
export function parseKrakenError(raw: string): KrakenErrorInfo {
  const [head, rest] = cut(raw);
  const [, letter, category] = HEAD.exec(head) ?? [];
  if (letter === undefined || category === undefined || rest === undefined) {
    return { severity: 'error', category: '', message: raw, extra: undefined, raw };
  }
  const [message, extra] = cut(rest);
  return { severity: letter === 'W' ? 'warning' : 'error', category, message, extra, raw };
}

/** What stands before and after the first colon. */
function cut(text: string): readonly [before: string, after: string | undefined] {
  const colon = text.indexOf(':');
  return colon === -1
    ? [text.trim(), undefined]
    : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

/**
 * Whether an error says that an open order has the `cl_ord_id` already: the text that was seen is
 * `EGeneral:Invalid arguments:cl_ord_id not unique`. Other refusals of the parameter are about its form.
 */
export function saysIdInUse({ raw }: KrakenErrorInfo): boolean {
  return /cl_ord_id/i.test(raw) && /not unique|duplicate|in use|exists/i.test(raw);
}
