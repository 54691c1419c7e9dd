import { InvalidNonceError, KrakenApiError, UnreadableReplyError } from './call-errors.ts';
import type { CallOutcome } from './call-errors.ts';
import type { CallIdentity } from '../account/index.ts';
import { causeOfKrakenError, leavesOutcomeOpen } from './failure-cause.ts';
import { parseKrakenError } from './kraken-error.ts';
import type { KrakenErrorInfo } from './kraken-error.ts';
import type { MethodEffect } from './retry-decision.ts';
import type { HttpReply } from './transport.ts';

/** A reply that means success. */
export interface DecodedReply {
  /** Kraken's `result`; `undefined` or `null` where Kraken sends none. */
  readonly result: unknown;
  /** `W…` strings that came with it. */
  readonly warnings: readonly KrakenErrorInfo[];
  /** The reply has Kraken's `error` list, which no proxy's page has. */
  readonly isEnvelope: boolean;
}

interface Envelope {
  readonly error?: unknown;
  readonly result?: unknown;
}

const NO_WARNINGS: readonly KrakenErrorInfo[] = [];

/** Methods that answer with a zip file (Kraken docs, Retrieve Data Export). */
const FILE_METHODS: ReadonlySet<string> = new Set(['RetrieveExport']);

/** Characters of a foreign body that an error shows. */
const BODY_START_LENGTH_MAX = 60;

/**
 * Reads Kraken's envelope `{ error: string[], result?: … }`. The HTTP status does not matter when there is one:
 * Kraken answers 200 even for errors (Kraken docs, errors guide).
 * @param effect - what the call changes; the outcome of one that only reads is never unknown
 * @throws {KrakenApiError} when it has an error that is not a warning
 * @throws {UnreadableReplyError} when it is not such an envelope
 */
export function decodeReply(reply: HttpReply, call: CallIdentity, effect: MethodEffect): DecodedReply {
  const envelope = parseEnvelope(reply.body);
  const file = envelope === undefined ? fileIn(reply, call.method) : undefined;
  if (file !== undefined) return { result: file, warnings: NO_WARNINGS, isEnvelope: false };
  if (envelope === undefined) throw unreadable(reply, call, effect);
  const { error, result } = envelope;
  const isEnvelope = error !== undefined;
  if (error === undefined || error.length === 0) return { result, warnings: NO_WARNINGS, isEnvelope };
  const errors = error.map(parseKrakenError);
  if (errors.every((info) => info.severity === 'warning')) return { result, warnings: errors, isEnvelope };
  throw refusal(errors, call, effect);
}

function refusal(
  errors: readonly KrakenErrorInfo[],
  call: CallIdentity,
  effect: MethodEffect,
): KrakenApiError {
  const facts = { ...call, outcome: outcomeOf(effect, leavesOutcomeOpen(errors)) };
  const isNonce = errors.some((error) => causeOfKrakenError(error) === 'invalid-nonce');
  return isNonce ? new InvalidNonceError(facts, errors) : new KrakenApiError(facts, errors);
}

function outcomeOf(effect: MethodEffect, isOpen: boolean): CallOutcome {
  return isOpen && effect !== 'nothing' ? 'unknown' : 'not-executed';
}

/** @returns `undefined` for anything but an object with a list of strings as `error`, a `result`, or both */
function parseEnvelope(
  body: string,
): { readonly error?: readonly string[]; readonly result?: unknown } | undefined {
  const envelope = parseObject(body);
  if (envelope === undefined) return undefined;
  const { error, result } = envelope;
  if (error === undefined) return result === undefined ? undefined : { result };
  return isStrings(error) ? { error, result } : undefined;
}

function parseObject(body: string): Envelope | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The file of a method that answers with one; a proxy's page in its place is none, and neither is a part of it. */
function fileIn(reply: HttpReply, method: string): Uint8Array | undefined {
  const { bytes } = reply;
  if (!FILE_METHODS.has(method) || bytes === undefined || !isComplete(reply)) return undefined;
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? bytes : undefined;
}

/** Whether the exchange, or a proxy in its place, has answered for good: a 2xx that has come to its end. */
function isComplete({ mayBeCutOff, status }: HttpReply): boolean {
  return status >= 200 && status < 300 && mayBeCutOff !== true;
}

/**
 * How a foreign body begins, on one line and printable. Nothing of what may be the beginning of Kraken's own JSON: it
 * can hold a token or an address.
 */
function startOf(body: string): string {
  if (/^\s*[[{"]/.test(body)) return '';
  const start = body.slice(0, BODY_START_LENGTH_MAX);
  return start.replaceAll(/[^\p{L}\p{N}\p{P}\p{S}]+/gu, ' ').trim();
}

/** Whatever the status: 429 may answer a second delivery, and a 5xx page was seen on orders that went live. */
function unreadable(reply: HttpReply, call: CallIdentity, effect: MethodEffect): UnreadableReplyError {
  const retryAfterS = Number.parseInt(reply.headers['retry-after'] ?? '', 10);
  return new UnreadableReplyError(
    { ...call, outcome: outcomeOf(effect, true) },
    {
      status: reply.status,
      bodyLength: reply.body.length,
      bodyStart: startOf(reply.body),
      isComplete: isComplete(reply),
      retryAfterS: Number.isNaN(retryAfterS) ? undefined : retryAfterS,
    },
  );
}
