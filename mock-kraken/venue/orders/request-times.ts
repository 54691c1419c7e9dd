import type { RequestParams } from '../../venue-interface.ts';
import { invalidArguments, KRAKEN_ERRORS } from '../../kraken-errors.ts';
import type { TimeInForce } from './order.ts';
import { text } from '../params/index.ts';
import { refuse } from '../errors/index.ts';

const secondMs = 1000;
/** Kraken's AddOrder page: an expiry lies at least 5 seconds and at most a month ahead. */
const expiryMinMs = 5 * secondMs;
const expiryMaxMs = 31 * 86_400 * secondMs;
/** Kraken's AddOrder page: a deadline lies at least 2 and at most 60 seconds ahead. */
const deadlineMinMs = 2 * secondMs;
const deadlineMaxMs = 60 * secondMs;

/** `starttm`: 0 now, `+n` seconds ahead, or a UNIX time. The result is 0 for now, else UNIX milliseconds. */
export function startOf(params: RequestParams, atMs: number): number {
  return momentOf(params, 'starttm', atMs);
}

/** `expiretm`, which `GTD` needs: 0 never, `+n` seconds ahead, or a UNIX time. */
export function expiryOf(params: RequestParams, timeInForce: TimeInForce, atMs: number): number {
  const expireMs = momentOf(params, 'expiretm', atMs);
  if (expireMs === 0) return timeInForce === 'GTD' ? refuse(invalidArguments('expiretm')) : 0;
  const ahead = expireMs - atMs;
  return ahead < expiryMinMs || ahead > expiryMaxMs ? refuse(invalidArguments('expiretm')) : expireMs;
}

/** Refuses a request whose `deadline` (RFC 3339) has passed, or lies outside what Kraken allows. */
export function refuseLate(params: RequestParams, atMs: number): void {
  const deadline = text(params, 'deadline');
  if (deadline === undefined) return;
  const deadlineMs = rfc3339.test(deadline) ? Date.parse(deadline) : Number.NaN;
  if (Number.isNaN(deadlineMs)) refuse(invalidArguments('deadline'));
  if (deadlineMs <= atMs) refuse(KRAKEN_ERRORS.deadlineElapsed);
  const ahead = deadlineMs - atMs;
  if (ahead < deadlineMinMs || ahead > deadlineMaxMs) refuse(invalidArguments('deadline'));
}

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

function momentOf(params: RequestParams, name: string, atMs: number): number {
  const written = text(params, name);
  if (written === undefined) return 0;
  const match = /^(\+?)(\d{1,10})(?:\.\d{1,9})?$/.exec(written);
  if (match === null) return refuse(invalidArguments(name));
  const ms = Number(match[2]) * secondMs;
  return match[1] === '+' ? atMs + ms : ms;
}
