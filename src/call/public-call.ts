import { CallCancelledError, CallNotSentError, CallTimeoutError, ReplyLostError } from './call-errors.ts';
import type { CallErrorFacts } from './call-errors.ts';
import type { ClientContext } from './client-context.ts';
import { redactError } from './redaction.ts';
import { readReply } from './read-reply.ts';
import { encodeForm } from './request-body.ts';
import type { CallParams } from './request-body.ts';
import { TransportError } from './transport.ts';
import type { HttpReply, HttpRequest } from './transport.ts';
import { USER_AGENT } from './user-agent.ts';

/** One public call. */
export interface PublicRequest {
  readonly method: string;
  readonly params: CallParams;
  /** How long to wait for the reply. `Infinity`: no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes one public call: a GET without key, nonce or lane (Kraken takes nothing but GET since January 2024,
 * according to krakenex). Not repeated.
 * @throws {CallError} a subclass; a public call changes nothing, whatever its `outcome` says
 */
export async function publicCall(caller: ClientContext, request: PublicRequest): Promise<unknown> {
  try {
    return await fetchResult(caller, request);
  } catch (error) {
    redactError(error, caller.redact);
    throw error;
  }
}

async function fetchResult(caller: ClientContext, request: PublicRequest): Promise<unknown> {
  const query = encodeForm(request.params);
  const path = `/0/public/${request.method}${query === '' ? '' : `?${query}`}`;
  const sentAt = caller.exchangeClock.moment();
  const reply = await fetchReply(caller, request, {
    method: 'GET',
    path,
    headers: { 'user-agent': USER_AGENT },
  });
  return readReply(caller, reply, { method: request.method, effect: 'nothing', sentAt }).result;
}

/** Nobody else waits for a public call: at the time limit its connection is simply given up. */
function fetchReply(caller: ClientContext, request: PublicRequest, http: HttpRequest): Promise<HttpReply> {
  const { timers } = caller.runtime;
  const { signal, timeoutMs } = request;
  const facts: CallErrorFacts = { account: caller.account, method: request.method, outcome: 'not-executed' };
  const connection = new AbortController();
  return new Promise<HttpReply>((resolve, reject) => {
    const giveUp = (error: Error): void => {
      reject(error);
      connection.abort();
    };
    const onAbort = (): void => giveUp(new CallCancelledError(facts, signal?.reason));
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const onTimeout = (): void => giveUp(new CallTimeoutError(facts, timeoutMs));
    const timer = timeoutMs === Infinity ? undefined : timers.setTimeout(onTimeout, timeoutMs);
    const done = (): void => {
      signal?.removeEventListener('abort', onAbort);
      if (timer !== undefined) timers.clearTimeout(timer);
    };
    caller
      .transport({ ...http, signal: connection.signal })
      .then(resolve, (cause: unknown) => reject(asCallError(facts, cause)))
      .finally(done);
  });
}

function asCallError(facts: CallErrorFacts, cause: unknown): CallNotSentError | ReplyLostError {
  const isNotSent = cause instanceof TransportError && cause.delivery === 'not-sent';
  return isNotSent ? new CallNotSentError(facts, cause) : new ReplyLostError(facts, cause);
}
