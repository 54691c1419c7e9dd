import type { ApiKey } from './api-key.ts';
import type { AdmissionRule, Effect, JournalRecord, Outcome } from './journal.ts';
import { keyFingerprint } from './key-fingerprint.ts';
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
}

/** What a record starts from. */
export interface ArrivalFacts {
  readonly seq: number;
  readonly head: RequestHead;
  readonly key: ApiKey | null;
  readonly arrivedNs: number;
}

/** Texts out of a request are cut to this length, so that one request cannot fill the memory. */
const RECORDED_CHARS_MAX = 128;

/** The record of a call whose head has just arrived. Until it ends nothing speaks against it: `accepted`. */
export function draftRecord({ seq, head, key, arrivedNs }: ArrivalFacts): DraftRecord {
  return {
    seq,
    account: key?.account ?? null,
    key: key?.fingerprint ?? fingerprintOfUnknown(apiKeyOf(head)),
    method: cut(pathOf(head).slice(PRIVATE_PREFIX.length)),
    nonce: null,
    arrivedNs,
    departedNs: null,
    outcome: 'accepted',
    error: null,
    violations: [],
    fault: null,
    effect: null,
    tag: null,
    clientRef: null,
  };
}

/** A parameter as it is recorded: text as it is, within bounds; anything else as nothing. */
export function recordedText(value: unknown): string | null {
  return typeof value === 'string' ? cut(value) : null;
}

function cut(text: string): string {
  return text.length > RECORDED_CHARS_MAX ? `${text.slice(0, RECORDED_CHARS_MAX)}…` : text;
}

function fingerprintOfUnknown(apiKey: string): string | null {
  return apiKey === '' ? null : keyFingerprint(apiKey);
}
