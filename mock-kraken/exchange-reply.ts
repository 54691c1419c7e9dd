/** A complete HTTP reply of the exchange, and how it is to be delivered. */
export interface ExchangeReply {
  /** 200 even for errors, as long as the request could be read. Kraken docs, errors guide. */
  readonly status: number;
  /** Lower-case names. `content-length` is left to the door. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where Kraken answers with a file: what goes over the line in place of `body`, which is empty. */
  readonly bytes?: Uint8Array;
  /** Anything but `whole` is a fault's doing. */
  readonly delivery: Delivery;
}

/**
 * How a reply reaches its client.
 * - `whole`: as it is
 * - `cut`: only so many bytes of its body, though its length promises all; then the connection is closed
 * - `drip`: whole, so many bytes of its body at a time, over `ms` milliseconds
 * - `silence`: not at all; the connection is closed after `ms` milliseconds
 * - `reset`: not at all; the connection is reset
 * - `refused`: not at all; the connection is refused. On real sockets it is reset, and so are the next few new ones, for
 *   at most `ms` milliseconds
 */
export type Delivery =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut'; readonly bytes: number }
  | { readonly kind: 'drip'; readonly bytesAtATime: number; readonly ms: number }
  | { readonly kind: 'silence'; readonly ms: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'refused'; readonly ms: number };

/** Kraken's envelope: `error` is always there, `result` only when there is one. */
export interface Envelope {
  readonly error: readonly string[];
  readonly result?: unknown;
}

/** Puts an envelope into a reply. */
export function jsonReply(envelope: Envelope, status = 200): ExchangeReply {
  return {
    status,
    headers: JSON_HEADERS,
    body: JSON.stringify(envelope),
    delivery: WHOLE,
  };
}

/** Puts a file into a reply. The type is that of `RetrieveExport` (Kraken docs, Retrieve Data Export). */
export function fileReply(bytes: Uint8Array): ExchangeReply {
  return { status: 200, headers: FILE_HEADERS, body: '', bytes, delivery: WHOLE };
}

/** What goes over the line. */
export function bytesOf({ body, bytes }: ExchangeReply): Uint8Array {
  return bytes ?? new TextEncoder().encode(body);
}

/** Adds the exchange's time to a reply that the exchange itself made; a page of a proxy has no such time. */
export function dated(reply: ExchangeReply, wallMs: number): ExchangeReply {
  if (reply.headers !== JSON_HEADERS && reply.headers !== FILE_HEADERS) return reply;
  return { ...reply, headers: { ...reply.headers, date: httpDate(wallMs) } };
}

let lastSecond = Number.NaN;
let lastDate = '';

/** A text of whole seconds; the last one is kept, since many replies have the same. */
function httpDate(wallMs: number): string {
  const second = Math.floor(wallMs / 1000);
  if (second === lastSecond) return lastDate;
  lastSecond = second;
  return (lastDate = new Date(second * 1000).toUTCString());
}

const JSON_HEADERS: ExchangeReply['headers'] = Object.freeze({ 'content-type': 'application/json' });
const FILE_HEADERS: ExchangeReply['headers'] = Object.freeze({ 'content-type': 'application/octet-stream' });
const WHOLE: Delivery = Object.freeze({ kind: 'whole' });
