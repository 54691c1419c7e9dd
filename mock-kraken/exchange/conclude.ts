import type { ExchangeCall, Rejection } from './call.ts';
import { errorOf, faultyReply, stageOf, type Fault } from '../faults/index.ts';
import type { Outcome } from './journal.ts';
import { fileReply, jsonReply, type ExchangeReply } from '../exchange-reply.ts';
import type { EndpointReply } from '../venue-interface.ts';

/** What a call is answered, by its endpoint or before it. */
export interface Answer extends EndpointReply {
  /** HTTP status. */
  readonly status: number;
}

/** The answer to a call that was rejected before its endpoint. */
export function rejectionAnswer({ error, status }: Rejection): Answer {
  return { error: [error], effect: null, status };
}

/** The answer that a fault gives in place of the endpoint's. */
export function faultAnswer(fault: Fault): Answer {
  const error = errorOf(fault);
  return { error: error === null ? [] : [error], effect: null, status: 200 };
}

/** `W…` strings are warnings and may stand beside a result. Kraken docs, errors guide. */
export function isFatal(error: string): boolean {
  return !error.startsWith('W');
}

/** Writes the end of a call into its record, and its answer into a reply. */
export function conclude(call: ExchangeCall, answer: Answer, departedNs: number): ExchangeReply {
  const isStruck = call.fault !== null && strikes(call.fault, call, answer);
  call.isStruck = isStruck;
  const { record } = call;
  record.departedNs = departedNs;
  record.error = answer.error[0] ?? null;
  record.effect = answer.effect;
  noteMade(record, answer);
  call.tellsOf = answer.tellsOf ?? [];
  record.outcome = outcomeOf(call, answer, isStruck);
  if (!isStruck || isReadFirst(call)) record.fault = null;
  const reply = replyOf(answer);
  return isStruck && call.fault !== null ? faultyReply(call.fault, reply) : reply;
}

function replyOf({ error, result, file, status }: Answer): ExchangeReply {
  return file === undefined ? jsonReply({ error, result }, status) : fileReply(file);
}

/** Writes down what came of each thing that was asked for. */
function noteMade(record: ExchangeCall['record'], { effect, made }: Answer): void {
  if (record.intents === undefined || effect === null) return;
  const ids = made ?? [effect.ids[0] ?? null];
  record.intents = record.intents.map((intent, place) => ({ ...intent, id: ids[place] ?? null }));
}

/**
 * Whether a fault really struck a call. One that was rejected on its own account would only be excused by a fault
 * that had no part in it; a late arrival may well be what it was rejected for.
 */
function strikes(fault: Fault, call: ExchangeCall, answer: Answer): boolean {
  switch (stageOf(fault.kind)) {
    case 'connection':
    case 'way':
      return true;
    case 'before-apply':
      return call.rejection === null;
    case 'service':
    case 'after-apply':
      return !answer.error.some(isFatal);
    case 'twice':
      return call.rejection === null || call.duplicateOf !== null;
  }
}

/** Whether a call is delivered twice and this is the first delivery, of which the client reads the reply. */
function isReadFirst({ fault, duplicateOf }: ExchangeCall): boolean {
  return fault?.kind === 'duplicate-first-reply' && duplicateOf === null;
}

/** `faulted` when a fault stood between the client and its proper answer. */
function outcomeOf(call: ExchangeCall, answer: Answer, isStruck: boolean): Outcome {
  const { fault } = call;
  const natural = answer.error.some(isFatal) ? 'rejected' : 'accepted';
  if (fault === null || !isStruck || isReadFirst(call)) return natural;
  const isSlow = stageOf(fault.kind) === 'way' || stageOf(fault.kind) === 'service';
  return isSlow && natural === 'accepted' ? 'accepted' : 'faulted';
}
