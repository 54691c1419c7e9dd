import { KrakenApiError } from './call-errors.ts';
import type { ClientContext } from './client-context.ts';
import type { HostMoment } from './exchange-clock.ts';
import { decodeReply } from './reply.ts';
import type { DecodedReply } from './reply.ts';
import type { MethodEffect } from './retry-decision.ts';
import type { HttpReply } from './transport.ts';

/** What a reply answers. */
export interface Question {
  /** `Balance`, `Time`, … */
  readonly method: string;
  /** What the method changes. */
  readonly effect: MethodEffect;
  /** Before the request was sent. */
  readonly sentAt: HostMoment;
}

/**
 * Decodes a reply that was read just now, and sets the exchange's clock by its `Date`; but only if Kraken made it,
 * which its `error` list shows. The clock of a proxy, a captive portal or an error page is not Kraken's.
 * @throws {KrakenApiError} when it has an error that is not a warning
 * @throws {UnreadableReplyError} when it is not Kraken's
 */
export function readReply(
  caller: ClientContext,
  reply: HttpReply,
  { effect, method, sentAt }: Question,
): DecodedReply {
  const takeTime = (): void => caller.exchangeClock.observe(reply.headers['date'], sentAt);
  try {
    const decoded = decodeReply(reply, { account: caller.account, method }, effect);
    if (decoded.isEnvelope) takeTime();
    return decoded;
  } catch (error) {
    if (error instanceof KrakenApiError && error.errors.every(isKrakens)) takeTime();
    throw error;
  }
}

/** Follows Kraken's grammar; `{ "error": ["access denied"] }` is another program's. */
function isKrakens({ category }: { readonly category: string }): boolean {
  return category !== '';
}
