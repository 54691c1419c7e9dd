import type { ApiKey } from './api-key.ts';
import type { Fault } from '../faults/index.ts';
import type { Intent } from './intents.ts';
import type { AdmissionRule, JournalRecord, Outcome } from './journal.ts';
import type { Effect } from '../venue-interface.ts';
import { keptText } from '../kept-text.ts';
import { keyFingerprint } from '../key-fingerprint.ts';
import { apiKeyOf, pathOf, PRIVATE_PREFIX, type RequestHead } from './request-head.ts';

/** A journal record that is still being written. */
export interface DraftRecord extends JournalRecord {
  nonce: string | null;
  departedNs: number | null;
  outcome: Outcome;
  error: string | null;
  readonly violations: AdmissionRule[];
  fault: string | null;
  effect: Effect | null;
  tag: string | null;
  clientRef: string | null;
  repliedNs?: number;
  duplicateOf?: number;
  intents?: readonly Intent[];
  shows?: readonly string[];
  replyLost?: boolean;
  nonceParsed?: string;
  committedNs?: number;
}

/** What a record starts from. */
export interface ArrivalFacts {
  readonly head: RequestHead;
  readonly key: ApiKey | null;
  readonly arrivedNs: number;
  readonly fault: Fault | null;
}

/** Texts out of a request are cut to this length, so that one request cannot fill the memory. */
const RECORDED_CHARS_MAX = 128;

/** The record of a call whose head has just arrived. Until it ends nothing speaks against it: `accepted`. */
export function draftRecord(seq: number, { head, key, arrivedNs, fault }: ArrivalFacts): DraftRecord {
  return {
    seq,
    account: key?.account ?? null,
    key: key?.fingerprint ?? fingerprintOfUnknown(apiKeyOf(head)),
    method: recordedMethod(head),
    nonce: null,
    arrivedNs,
    departedNs: null,
    outcome: 'accepted',
    error: null,
    violations: [],
    fault: fault?.kind ?? null,
    effect: null,
    tag: null,
    clientRef: null,
  };
}

/** The method that a private request names. */
export function recordedMethod(head: RequestHead): string {
  return keptText(pathOf(head).slice(PRIVATE_PREFIX.length), RECORDED_CHARS_MAX);
}

/** A parameter as it is recorded: text as it is, within bounds; anything else as nothing. */
export function recordedText(value: unknown): string | null {
  return typeof value === 'string' ? keptText(value, RECORDED_CHARS_MAX) : null;
}

function fingerprintOfUnknown(apiKey: string): string | null {
  return apiKey === '' ? null : keyFingerprint(apiKey);
}
