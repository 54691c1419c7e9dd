import type { ExchangeCall, Rejection } from './call.ts';
import { recordedText } from './draft-record.ts';
import { intentsOf } from './intents.ts';
import { KRAKEN_ERRORS } from '../kraken-errors.ts';
import { parseNonce } from './nonce.ts';
import { parseBody, type BodyProblem, type ParsedBody } from './request-body.ts';
import { headerOf } from './request-head.ts';

/** A request body as a door hands it over: what was sent, or why it is not there. */
export type ReceivedBody = string | Uint8Array | { readonly problem: BodyProblem };

const STATUS: Readonly<Record<BodyProblem, number>> = {
  'too-large': 413,
  'content-type': 415,
  incomplete: 400,
  unreadable: 400,
};

/** A body that cannot be read is the one thing that HTTP itself answers; the envelope says so, too. */
export function rejectBody(problem: BodyProblem): Rejection {
  return { error: KRAKEN_ERRORS.badRequest, status: STATUS[problem] };
}

/** Reads the body into the call and its record. `null` when it could be read. */
export function readBody(call: ExchangeCall, received: ReceivedBody): Rejection | null {
  const rejection = readNames(call, received);
  if (rejection === null && call.body !== null) readNonce(call, call.body);
  return rejection;
}

/**
 * The part of `readBody` that leaves the nonce alone, for a call that a fault pretends was never sent: its sender
 * may use the nonce again, but whose call it was is known all the same.
 */
export function readNames(call: ExchangeCall, received: ReceivedBody): Rejection | null {
  if (typeof received !== 'string' && 'problem' in received) return rejectBody(received.problem);
  const parsed = parseBody(received, headerOf(call.head, 'content-type') || undefined);
  if (typeof parsed === 'string') return rejectBody(parsed);
  call.bytes = received;
  call.body = parsed;
  call.record.tag = recordedText(parsed.params['nonceproof_call']);
  call.record.clientRef = recordedText(parsed.params['cl_ord_id']);
  const intents = intentsOf(call.record.method, parsed.params);
  if (intents !== null) call.record.intents = intents;
  return null;
}

/** Two nonces are none: nobody could say which of them was meant. */
function readNonce(call: ExchangeCall, { nonces, isNumberNonce }: ParsedBody): void {
  const text = nonces.length === 1 ? nonces[0] : undefined;
  if (text !== undefined) {
    call.record.nonce = recordedText(text);
    call.nonce = parseNonce(text);
  }
  const parsed = isNumberNonce ? parsedByDoubles(call.nonce) : null;
  if (parsed !== null) call.record.nonceParsed = parsed;
  // The client sent it once, whatever a middlebox made of that.
  if (call.duplicateOf !== null) return;
  if (call.nonce === null || parsed !== null) call.record.violations.push('nonce-exact');
  if (call.nonce !== null) call.record.violations.push(...(call.key?.nonces.noteSent(call.nonce) ?? []));
}

/**
 * What a JSON parser makes of a number that reads numbers as doubles, as RFC 8259 warns that most do; `null` when
 * that is the number which was sent.
 */
function parsedByDoubles(nonce: bigint | null): string | null {
  if (nonce === null) return null;
  const parsed = BigInt(Number(nonce));
  return parsed === nonce ? null : String(parsed);
}
