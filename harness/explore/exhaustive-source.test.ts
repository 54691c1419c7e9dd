import { describe, expect, test } from 'vitest';
import type { JournalRecord } from '../../mock-kraken/index.ts';
import { lane, noLane, testTarget } from './clients.test-support.ts';
import { builtInTarget, shippedTarget } from './find-target.ts';
import { inSession } from './exploration-session.ts';
import type { ExploreTarget } from './target.ts';
import type { Scenario } from './world/index.ts';
import { ExhaustiveSearch } from './strategy/index.ts';
import type { ClientHistory } from './world/index.ts';
import { NO_FAULTS } from './world/index.ts';
import type { FaultPlan } from './world/index.ts';

type Reduction = { readonly isReduced: boolean; readonly isSymmetric?: boolean };

interface Searched {
  readonly histories: readonly ClientHistory[];
  readonly abandoned: number;
}

function searchAll(target: ExploreTarget, setting: Scenario, reduction: Reduction): Promise<Searched> {
  return inSession(target, async (lab) => {
    const search = new ExhaustiveSearch({ isReduced: reduction.isReduced });
    const program = lab.program(setting, { isSymmetric: reduction.isSymmetric ?? false });
    const histories: ClientHistory[] = [];
    await lab.run({
      next() {
        const plan = search.next();
        return plan === null ? null : { plan, program };
      },
      finished(run) {
        search.finished(run);
        if (run.ending === 'over') histories.push(run.result);
      },
    });
    return { histories, abandoned: search.abandoned };
  });
}

/**
 * A history without its times: the order of arrivals and departures, the order of nonces, what came of each call.
 * Two runs that differ only in the order of events that commute have the same.
 */
function essenceOf(
  history: ClientHistory,
  rename: (account: string) => string = (account) => account,
): string {
  const nameOf = new Map<string, string>();
  const made = new Map<string, number>();
  for (const { tag, account } of history.clientCalls) {
    const n = (made.get(account) ?? 0) + 1;
    made.set(account, n);
    nameOf.set(tag, `${rename(account)}.${n}`);
  }
  const called = ({ tag }: JournalRecord): string => nameOf.get(tag ?? '') ?? 'unnamed';
  const moments = history.records.flatMap((record) => [
    { atNs: record.arrivedNs, what: `${called(record)} arrives` },
    {
      atNs: record.departedNs ?? Number.POSITIVE_INFINITY,
      what: `${called(record)} departs ${withoutNames(record.error)}`,
    },
  ]);
  const byNonce = history.records.toSorted((a, b) => Number(BigInt(a.nonce ?? 0) - BigInt(b.nonce ?? 0)));
  const told = history.clientCalls.map(
    ({ tag, outcome, error }) => `${nameOf.get(tag)} ${outcome} ${withoutNames(error)}`,
  );
  return [
    history.ending,
    ...moments.toSorted((a, b) => a.atNs - b.atNs).map(({ what }) => what),
    ...byNonce.map(called),
    ...told.toSorted(),
  ].join('\n');
}

/** Error texts name accounts, times and nonces. */
function withoutNames(text: string | null): string {
  return text?.replace(/\b(MASTER|USER_\d+)\b/g, 'somebody').replace(/\d+/g, '#') ?? '';
}

/** The least of a history's essences under every renaming of its accounts. */
function essenceUpToRenaming(history: ClientHistory, accounts: readonly string[]): string {
  const renamings = permutations(accounts).map(
    (names) => (account: string) => names[accounts.indexOf(account)] ?? account,
  );
  return renamings.map((rename) => essenceOf(history, rename)).toSorted()[0] ?? '';
}

function permutations(items: readonly string[]): readonly (readonly string[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, place) =>
    permutations(items.toSpliced(place, 1)).map((rest) => [item, ...rest]),
  );
}

function distinct(essences: readonly string[]): readonly string[] {
  return [...new Set(essences)].toSorted();
}

const SUNNY = { scope: 'global', clock: 'honest', faults: NO_FAULTS, seed: 1 } as const;

const FAULTS: FaultPlan = { kinds: ['timeout', 'abort', 'lost-reply'], faultsMax: 1 };

const CASES: readonly (readonly [string, () => Promise<ExploreTarget>, Scenario])[] = [
  [
    'a lane, 2 x 2',
    async () => testTarget('lane', { around: lane }),
    { ...SUNNY, users: 2, calls: 2, pattern: 'staggered' },
  ],
  [
    'a lane, 3 x 1',
    async () => testTarget('lane', { around: lane }),
    { ...SUNNY, users: 3, calls: 1, pattern: 'staggered' },
  ],
  [
    'no lane, 2 x 1',
    async () => testTarget('none', { around: noLane }),
    { ...SUNNY, users: 2, calls: 1, pattern: 'staggered' },
  ],
  [
    'no lane, 2 at once',
    async () => testTarget('none', { around: noLane }),
    { ...SUNNY, users: 1, calls: 2, pattern: 'parallel' },
  ],
  [
    'the built-in client, 2 x 2',
    async () => builtInTarget(),
    { ...SUNNY, users: 2, calls: 2, pattern: 'parallel' },
  ],
  [
    'the built-in client under faults',
    async () => builtInTarget(),
    { ...SUNNY, users: 2, calls: 1, pattern: 'staggered', faults: FAULTS },
  ],
  [
    'the lease lock',
    async () => (await shippedTarget('lease-lock')).target,
    { ...SUNNY, users: 2, calls: 1, pattern: 'staggered' },
  ],
  [
    'a promise chain under faults',
    async () => testTarget('lane', { around: lane }),
    { ...SUNNY, users: 2, calls: 1, pattern: 'burst', faults: FAULTS },
  ],
];

describe('the reduced search', () => {
  test.each(CASES)('comes to the same histories as the whole one: %s', async (_name, targetOf, setting) => {
    const target = await targetOf();
    const whole = await searchAll(target, setting, { isReduced: false });
    const reduced = await searchAll(target, setting, { isReduced: true });
    const essences = reduced.histories.map((history) => essenceOf(history));
    expect(distinct(essences)).toEqual(distinct(whole.histories.map((history) => essenceOf(history))));
    expect(whole.abandoned).toBe(0);
    expect(reduced.histories.length).toBeLessThanOrEqual(whole.histories.length);
  });

  test('of a lane runs each history once', async () => {
    const setting: Scenario = { ...SUNNY, users: 3, calls: 1, pattern: 'staggered' };
    const { histories } = await searchAll(testTarget('lane', { around: lane }), setting, { isReduced: true });
    // Three orders of asking, times the ways in which three replies can fall between three questions: 3! * 5.
    expect(histories).toHaveLength(30);
  });
});

describe('user symmetry', () => {
  test.each(CASES.filter(([, , { users, pattern }]) => users > 1 && pattern !== 'burst'))(
    'leaves out only what is the same under other names: %s',
    async (_name, targetOf, setting) => {
      const target = await targetOf();
      const accounts = ['MASTER', 'USER_1', 'USER_2'].slice(0, setting.users);
      const whole = await searchAll(target, setting, { isReduced: false });
      const reduced = await searchAll(target, setting, { isReduced: true, isSymmetric: true });
      const essences = ({ histories }: Searched): readonly string[] =>
        distinct(histories.map((history) => essenceUpToRenaming(history, accounts)));
      expect(essences(reduced)).toEqual(essences(whole));
      expect(reduced.histories.length).toBeLessThan(whole.histories.length);
    },
  );
});
