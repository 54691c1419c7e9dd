import type { IncomingHttpHeaders } from 'node:http';
import { AdminError } from './admin-error.ts';

/** What a request to the admin API is about. */
export interface AdminTarget {
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** Longest part of a request that an error repeats. */
const SHOWN_CHARS_MAX = 100;

/**
 * Reads a request target: a path, or the whole URL as clients send it that are set up for a proxy. A path is taken as
 * it is: `//host/journal` would be another host's for the URL parser.
 */
export function targetOf(target: string): AdminTarget {
  if (target.startsWith('/')) {
    const [pathname = '', query = ''] = target.split(/\?(.*)/s, 2);
    return { pathname, query: new URLSearchParams(query) };
  }
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url?.protocol !== 'http:') throw badTarget(target);
  refuseForeignHost(url.host);
  return { pathname: url.pathname, query: url.searchParams };
}

/**
 * Refuses what a web page can send. A page whose host name was made to lead to 127.0.0.1 (DNS rebinding) sends that
 * name as `Host`; one of another origin says so in `Origin`.
 */
export function refuseForeign({ host = '', origin }: IncomingHttpHeaders): void {
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
