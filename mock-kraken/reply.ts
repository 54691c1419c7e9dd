/** A complete HTTP reply of the exchange. */
export interface ExchangeReply {
  /** 200 even for errors, as long as the request could be read. Kraken docs, errors guide. */
  readonly status: number;
  /** Lower-case names. `content-length` is left to the door. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Kraken's envelope: `error` is always there, `result` only when there is one. */
export interface Envelope {
  readonly error: readonly string[];
  readonly result?: unknown;
}

/** Puts an envelope into a reply. */
export function jsonReply(envelope: Envelope, status = 200): ExchangeReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(envelope) };
}
