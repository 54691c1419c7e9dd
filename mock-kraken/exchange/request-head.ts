/** What is known of a request once its head has arrived. */
export interface RequestHead {
  /** The request target as sent, e.g. `/0/private/Balance`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Where it came from. Default: `127.0.0.1`. */
  readonly ip?: string;
  /** Whether the sender has left without waiting for the reply. Absent where that cannot be known. */
  readonly isAbandoned?: () => boolean;
}

/** Where the private endpoints are. */
export const PRIVATE_PREFIX = '/0/private/';

/** Where the public endpoints are. */
export const PUBLIC_PREFIX = '/0/public/';

/** The path without its query: what is signed, and what names the endpoint. */
export function pathOf(head: RequestHead): string {
  const query = head.path.indexOf('?');
  return query < 0 ? head.path : head.path.slice(0, query);
}

/** A header's value; `''` when it is missing or given more than once. */
export function headerOf(head: RequestHead, name: string): string {
  const value = head.headers[name];
  return typeof value === 'string' ? value : '';
}

/** The API key as sent, known or not; `''` without one. Kraken docs, REST authentication (`API-Key`). */
export function apiKeyOf(head: RequestHead): string {
  return headerOf(head, 'api-key');
}

/** Where the request came from. */
export function addressOf(head: RequestHead): string {
  return head.ip ?? '127.0.0.1';
}
