import type { ClientWorld } from '../../run/targets/index.ts';
import type { DrawNonce } from './nonces.ts';
import { sleep, withTimeLimit } from './time.ts';
import { RefusedError, type PrivateCall, type Wire } from './wire.ts';

/** Far beyond any service time, so that the retry does not overlap what it repeats. */
const REPLY_TIMEOUT_MS = 1_000;
const RETRY_AFTER_MS = 200;

/** What a client that resends works with. */
export interface Sender {
  readonly world: ClientWorld;
  readonly wire: Wire;
  readonly nextNonce: DrawNonce;
}

/**
 * Sends a call, and when its reply is lost, sends `again` without asking whether the first took effect; a refusal is
 * passed on.
 */
export async function sendAgainWhenLost(
  sender: Sender,
  first: PrivateCall,
  again: () => PrivateCall = () => first,
): Promise<unknown> {
  try {
    return await sendOnce(sender, first);
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    await sleep(sender.world, RETRY_AFTER_MS);
    return sendOnce(sender, again());
  }
}

function sendOnce({ world, wire, nextNonce }: Sender, call: PrivateCall): Promise<unknown> {
  const request = wire.sign(call, nextNonce());
  return withTimeLimit(world, REPLY_TIMEOUT_MS, (signal) => wire.send({ ...request, signal }));
}

/** The parameters of an attempt that has names of its own: without the tag that the harness gave the first. */
export function withoutTag(params: PrivateCall['params']): PrivateCall['params'] {
  return Object.fromEntries(Object.entries(params).filter(([name]) => name !== 'nonceproof_call'));
}
