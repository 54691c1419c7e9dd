import { z } from 'zod';
import type { Effect, Intent, JournalRecord, Outcome } from '../../../mock-kraken/index.ts';
import { RULE_IDS } from './rule-ids.ts';
import type { RuleId } from './rule-ids.ts';

const SAFE_INTEGER = z.int({ error: 'expected an integer; beyond 2^53 it must be a string' });
const INTEGER_TEXT = z.string().regex(/^-?[0-9]{1,19}$/, 'expected decimal digits');
const INTEGER = z.union([SAFE_INTEGER, INTEGER_TEXT], {
  error: 'expected an integer; beyond 2^53 it must be a string of digits',
});

/** What a line holds before its times are put on one origin. */
export interface TraceLine {
  readonly seq: number;
  readonly account: string | null;
  readonly key: string | null;
  readonly method: string;
  readonly nonce: string | number | null;
  readonly arrivedNs: number | string;
  readonly departedNs: number | string | null;
  readonly outcome: Outcome;
  readonly error: string | null;
  readonly violations: readonly RuleId[];
  readonly fault: string | null;
  readonly effect: Effect | null;
  readonly tag?: string | null | undefined;
  readonly clientRef?: string | null | undefined;
  readonly intents?: readonly Intent[] | undefined;
  readonly shows?: readonly string[] | undefined;
  readonly replyLost?: boolean | undefined;
  /** Of older recordings. */
  readonly bodyDigest?: string | undefined;
  readonly repliedNs?: number | string | undefined;
  readonly duplicateOf?: number | undefined;
  readonly nonceParsed?: string | undefined;
  readonly committedNs?: number | string | undefined;
}

const INTENT = z.object({
  digest: z
    .string()
    .describe('of what is asked for, without nonce, otp, deadline, cl_ord_id, userref and nonceproof_call'),
  likeness: z.string().describe("the same without price, size and the like: an order's pair and side"),
  id: z.string().nullable().describe('of what came of it; null when nothing did'),
  clientRef: z.string().optional().describe('cl_ord_id of an order in a batch'),
});

/**
 * One line of `trace.ndjson`. Integers may be numbers up to 2^53, or strings. Fields that are not named here are
 * allowed and ignored. `trace.schema.json` is this, and header and footer, as a JSON Schema.
 */
export const TRACE_LINE: z.ZodType<TraceLine> = z
  .object({
    seq: z.int().min(0).describe('1, 2, 3 … in arrival order'),
    account: z.string().nullable().describe('MASTER, USER_n; null when the API key is missing or unknown'),
    key: z.string().nullable().describe('fingerprint of the API key, never the key; null when it is missing'),
    method: z.string().describe('Balance, AddOrder, … as in the path'),
    nonce: z
      .union([z.string(), SAFE_INTEGER], { error: 'expected a string; beyond 2^53 a number is not exact' })
      .nullable()
      .describe('exactly as sent; null when there was none that could be read'),
    nonceParsed: z
      .string()
      .optional()
      .describe(
        'what a JSON parser with doubles makes of a nonce that was sent as a number; absent when that is the nonce itself',
      ),
    arrivedNs: INTEGER.describe('nanoseconds from any origin: when the head of the request arrived'),
    committedNs: INTEGER.optional().describe(
      'same clock: when the body was complete, and with it the nonce; absent: nothing else happened since arrivedNs',
    ),
    departedNs: INTEGER.nullable().describe('same clock: when the reply was decided; null while in service'),
    outcome: z.enum(['accepted', 'rejected', 'faulted']),
    error: z.string().nullable().describe('first error string of the reply'),
    violations: z.array(z.enum(RULE_IDS)).describe('rules that the exchange itself saw broken'),
    fault: z.string().nullable().describe('injected fault that hit the call'),
    effect: z
      .object({ kind: z.enum(['order', 'cancel', 'amend', 'transfer']), ids: z.array(z.string()) })
      .nullable()
      .describe('what the call changed'),
    tag: z
      .string()
      .nullable()
      .optional()
      .describe("the client's own name for the call (parameter nonceproof_call)"),
    clientRef: z.string().nullable().optional().describe('cl_ord_id of an order request'),
    intents: z
      .array(INTENT)
      .optional()
      .describe(
        'what the call asked to be changed, an entry for each order; without it a repeat cannot be seen',
      ),
    shows: z
      .array(z.string())
      .optional()
      .describe('ids in the reply of what had taken effect and not been answered whole by then'),
    replyLost: z
      .boolean()
      .optional()
      .describe('true when the reply did not reach the client whole, or said nothing of the call'),
    bodyDigest: z
      .string()
      .optional()
      .describe('older: of an AddOrder without tag and cl_ord_id, a digest of its body but for the nonce'),
    repliedNs: INTEGER.optional().describe(
      'same clock: when the reply was decided that the client read, if that was before departedNs',
    ),
    duplicateOf: z
      .int()
      .min(0)
      .optional()
      .describe('seq of the first delivery of the same bytes, when a middlebox delivered them again'),
  })
  .describe('One private call as an exchange saw it: a line of trace.ndjson, in arrival order');

/** Writes one call as a line of `trace.ndjson`, with its line end. */
export function formatTraceLine(call: JournalRecord): string {
  return `${JSON.stringify(call, exactInteger)}\n`;
}

function exactInteger(_key: string, value: unknown): unknown {
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER
    ? BigInt(value).toString()
    : value;
}
