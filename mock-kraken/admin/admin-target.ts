import type { IncomingMessage } from 'node:http';
import { AdminError } from './admin-error.ts';

/** What a request to the admin API is about. */
export interface AdminTarget {
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** Longest part of a request that an error repeats. */
const SHOWN_CHARS_MAX = 100;

/** A path that the URL parser would not take for another host's: `//host/journal`, `/\host/journal`. */
const PATH = /^\/(?![/\\])/;

/** A whole URL with a host, and without a user, as HTTP has it (RFC 9110, 4.2.1 and 4.2.4). */
const ABSOLUTE = /^http:\/\/[^/?#@\\]+(?:[/?]|$)/i;

/** Reads a request target: a path, or the whole URL as clients send it that are set up for a proxy. */
export function targetOf(target: string): AdminTarget {
  if (PATH.test(target)) {
    const [pathname = '', query = ''] = target.split(/\?(.*)/s, 2);
    return { pathname, query: new URLSearchParams(query) };
  }
  if (!ABSOLUTE.test(target) || !URL.canParse(target)) throw badTarget(target);
  const url = new URL(target);
  refuseForeignHost(url.host);
  return { pathname: url.pathname, query: url.searchParams };
}

/**
 * Refuses what a web page can send. A page whose host name was made to lead to 127.0.0.1 (DNS rebinding) sends that
 * name as `Host`; one of another origin says so in `Origin`.
 */
export function refuseForeign({ headers, headersDistinct }: IncomingMessage): void {
  const { host = '', origin } = headers;
  if ((headersDistinct['host']?.length ?? 0) > 1) throw TWO_HOSTS();
  refuseForeignHost(host);
  if (origin === undefined) return;
  if (!URL.canParse(origin)) throw foreign(origin);
  refuseForeignHost(new URL(origin).host);
}

/** The machine itself, under any port: the port may have been forwarded. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

function refuseForeignHost(host: string): void {
  if (!LOOPBACK.test(host)) throw foreign(host);
}

function foreign(host: string): AdminError {
  return new AdminError(
    403,
    'foreign_host',
    `Failed to authorize: ${shown(host)} is not this machine. Ask for 127.0.0.1 or localhost.`,
  );
}

/** RFC 9112, 3.2. */
const TWO_HOSTS = (): AdminError =>
  new AdminError(400, 'two_hosts', 'Failed to read request: it has two headers Host. Send one.');

function badTarget(target: string): AdminError {
  return new AdminError(
    400,
    'bad_target',
    `Failed to read request: ${shown(target)} is neither a path nor an http URL.`,
  );
}

/** A text of the sender's in quotes, cut. */
export function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}…` : text);
}
