import { expect } from 'vitest';
import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { LaneScope } from '../../../src/index.ts';
import type { RuleId } from '../../judge/history/index.ts';
import { findIn } from './journal-finding.ts';
import type { JournalFinding } from './journal-finding.ts';

/** Which calls must not meet. */
export interface LaneOptions {
  /** One lane for all accounts, or one for each API key. Default: `global`. */
  readonly scope?: LaneScope;
}

/**
 * What can be expected of a journal. A matcher passes when its rule held, its `.not` when the rule was broken.
 * Neither passes on a journal that cannot show it: an empty one, one with calls missing, one with calls in service.
 */
export interface JournalMatchers {
  /** Per API key, each nonce is greater than every nonce that arrived before it. */
  toHaveIncreasingNonces(): void;
  /** Each nonce is greater than every nonce that arrived before it, whatever the key. */
  toHaveGloballyIncreasingNonces(): void;
  /** No key sent a nonce twice, retries included. */
  toHaveNoReusedNonces(): void;
  /** Every nonce is 1 to 20 decimal digits below 2^64 and was read exactly as it was sent. */
  toHaveExactNonces(): void;
  /** At most one call was in service at any moment, per lane. */
  toHaveNoOverlap(options?: LaneOptions): void;
  /** The exchange rejected nothing for the way it was called, except by an injected fault. */
  toHaveNoRejections(): void;
  /** Every order intent took effect at most once. */
  toHaveEffectsOnce(): void;
}

declare module 'vitest' {
  // Vitest's own declaration: merging needs the very same type parameter.
  // oxlint-disable-next-line typescript/no-explicit-any, typescript/no-unused-vars
  interface Matchers<T = any> extends JournalMatchers {}
}

const RULE_OF: Readonly<Record<keyof JournalMatchers, RuleId>> = {
  toHaveIncreasingNonces: 'nonce-increasing',
  toHaveGloballyIncreasingNonces: 'nonce-global-order',
  toHaveNoReusedNonces: 'nonce-reused',
  toHaveExactNonces: 'nonce-exact',
  toHaveNoOverlap: 'no-overlap',
  toHaveNoRejections: 'all-accepted',
  toHaveEffectsOnce: 'effect-once',
};

/** What Vitest takes from a matcher. */
interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/** Adds the matchers to Vitest's `expect`. Doing so again changes nothing. */
export function registerJournalMatchers(): void {
  const matchers = Object.entries(RULE_OF).map(([name, id]) => [name, matcherOf(id)] as const);
  expect.extend(Object.fromEntries(matchers));
}

function matcherOf(id: RuleId) {
  return function match(
    this: { readonly isNot?: boolean | undefined },
    received: unknown,
    { scope = 'global' }: LaneOptions = {},
  ): MatcherResult {
    const { isNot = false } = this;
    if (!isJournal(received)) return { pass: isNot, message: () => NO_JOURNAL };
    const finding = findIn(received, id, scope);
    const pass = finding.word === 'nothing' ? isNot : finding.word === 'held';
    return { pass, message: () => messageOf(finding) };
  };
}

const NO_JOURNAL = 'Expected a journal, as kraken.journal() gives it.';

function isJournal(value: unknown): value is readonly JournalRecord[] {
  return Array.isArray(value) && value.every(isRecord);
}

function isRecord(value: unknown): value is JournalRecord {
  return typeof value === 'object' && value !== null && 'seq' in value && 'arrivedNs' in value;
}

function messageOf({ rule, word, explanation }: JournalFinding): string {
  const demand = `${rule.id}: ${rule.holdsWhen}`;
  switch (word) {
    case 'broken':
      return `Expected to hold, but was broken: ${demand}.\n\n${explanation}`;
    case 'held':
      return `Expected to be broken, but held: ${demand}.\n\n${explanation}`;
    case 'nothing':
      return `Expected evidence, but the journal has none: ${demand}.\n\n${explanation}`;
  }
}
