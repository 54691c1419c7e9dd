/**
 * The exchange names broken rules while it admits calls; the judge works them out from the journal. Driven with
 * random calls, of which each body comes with its head, the two must name the same calls.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallReader, RULES } from '../harness/judge/rules/index.ts';
import { judge } from '../harness/judge/verdict/index.ts';
import { createExchange } from '../mock-kraken/index.ts';
import type { AdmissionRule, ExchangeCall, JournalRecord } from '../mock-kraken/index.ts';
import type { LaneScope } from '../src/index.ts';

const ADMISSION_RULES: readonly string[] = ['nonce-increasing', 'nonce-reused', 'nonce-exact', 'no-overlap'];
const KEYS = ['key-of-master', 'key-of-user', 'key-of-nobody', ''];

type Step =
  | { readonly kind: 'begin'; readonly key: string; readonly nonce: string }
  /** Ends the service of one of those in service, or of none. */
  | { readonly kind: 'finish'; readonly index: number };

const begin = fc.record({
  kind: fc.constant('begin' as const),
  key: fc.constantFrom(...KEYS.slice(0, 2), ...KEYS),
  nonce: fc.oneof(
    { weight: 9, arbitrary: fc.nat(20).map(String) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '007', '-1', '1.5', '18446744073709551615', '18446744073709551616'),
    },
  ),
});
const finish = fc.record({ kind: fc.constant('finish' as const), index: fc.nat(3) });
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: begin }, { weight: 4, arbitrary: finish }), {
  maxLength: 60,
});

/** Plays the steps against an exchange, each a few nanoseconds or none after the one before. */
function journalOf(given: readonly Step[], scope: LaneScope): readonly JournalRecord[] {
  const exchange = createExchange({ scope, verifySignatures: false });
  for (const [i, account] of ['MASTER', 'USER_1'].entries()) {
    exchange.addAccount({ account, apiKey: KEYS[i] ?? '', apiSecret: 'c2VjcmV0' });
  }
  const inService: ExchangeCall[] = [];
  for (const [atNs, step] of given.entries()) {
    if (step.kind === 'begin') {
      const call = exchange.begin({ path: '/0/private/Balance', headers: { 'api-key': step.key } }, atNs);
      exchange.receiveBody(call, `nonce=${step.nonce}`, atNs);
      inService.push(call);
    } else {
      for (const call of inService.splice(step.index, 1)) exchange.finish(call, atNs);
    }
  }
  return exchange.journal;
}

/** The rules of admission that each call broke, as the judge sees it. */
function brokenByJudge(journal: readonly JournalRecord[], scope: LaneScope): readonly (readonly string[])[] {
  const reader = new CallReader();
  const watched = RULES.filter(({ id }) => ADMISSION_RULES.includes(id)).map(({ id, observe }) => {
    return { id, observer: observe({ scope, accounts: null, faultKinds: [] }) };
  });
  return journal.map((call) => {
    const facts = reader.read(call);
    return watched.filter(({ observer }) => observer.onCall(call, facts)).map(({ id }) => id);
  });
}

/** The exchange keeps no nonces for a key that it does not know. */
function visibleToExchange(call: JournalRecord, rules: readonly string[]): readonly string[] {
  const keptAnyway: readonly AdmissionRule[] = ['nonce-exact', 'no-overlap'];
  return rules.filter((rule) => call.account !== null || keptAnyway.some((kept) => kept === rule)).toSorted();
}

describe.each(['global', 'key'] as const)('exchange and judge name the same calls, lane %s', (scope) => {
  test('rule by rule', () => {
    let brokenCount = 0;
    fc.assert(
      fc.property(steps, (given) => {
        const journal = journalOf(given, scope);
        const broken = brokenByJudge(journal, scope);
        for (const [i, call] of journal.entries()) {
          expect(call.violations.toSorted(), `#${call.seq}`).toEqual(
            visibleToExchange(call, broken[i] ?? []),
          );
        }
        brokenCount += broken.flat().length;
      }),
      { seed: 20_261_108, numRuns: 500 },
    );
    expect(brokenCount).toBeGreaterThan(400);
  });

  test('so the verdict notes no disagreement', () => {
    const context = {
      scope,
      accounts: null,
      faultKinds: [],
      seed: 0,
      strength: 'observed',
      reproduce: '',
    } as const;
    fc.assert(
      fc.property(steps, (given) => {
        const verdict = judge(journalOf(given, scope), context, { exit: null, clientCalls: null });
        expect(verdict.notes.filter((note) => !note.startsWith('Under scope key'))).toEqual([]);
      }),
      { seed: 20_261_109, numRuns: 500 },
    );
  });
});
