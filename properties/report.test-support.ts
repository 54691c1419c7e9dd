import type { JournalRecord } from '../mock-kraken/index.ts';
import { judge, RunStatisticsCollector } from '../harness/index.ts';
import type { HtmlReportParts } from '../harness/index.ts';

/** A made-up run; the same seed gives the same one. */
export interface MadeUpRun {
  readonly calls: number;
  readonly accounts: number;
  /** Share of calls that arrive while the one before is in service. */
  readonly overlaps?: number;
  /** Share of calls whose nonce is too low. */
  readonly inversions?: number;
  readonly title?: string;
  readonly seed?: number;
}

const METHODS = ['Balance', 'AddOrder', 'OpenOrders', 'CancelOrder'];

/** Uniform in [0, 1): a linear congruential generator, good enough to spread calls about. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A history that looks like that of a run over sockets. */
export function madeUpCalls(run: MadeUpRun): readonly JournalRecord[] {
  const { calls, accounts, overlaps = 0, inversions = 0, seed = 7 } = run;
  const random = createRandom(seed);
  let nowNs = 0;
  let nonce = 1_795_366_283_660_587_661n;
  return Array.from({ length: calls }, (_, i) => {
    const account = Math.floor(random() * accounts);
    const serviceNs = Math.floor(2e6 + random() * 8e6);
    nonce += BigInt(Math.floor(1 + random() * 1e7));
    const isOverlapped = random() < overlaps;
    const isInverted = random() < inversions;
    const arrivedNs = nowNs;
    nowNs += isOverlapped ? Math.floor(serviceNs * 0.4) : serviceNs + Math.floor(random() * 1e6);
    return {
      seq: i + 1,
      account: account === 0 ? 'MASTER' : `USER_${account}`,
      key: `key${account}`,
      method: METHODS[i % METHODS.length] ?? '',
      nonce: String(isInverted ? nonce - 100_000_000n : nonce),
      arrivedNs,
      departedNs: arrivedNs + serviceNs,
      outcome: isInverted ? 'rejected' : 'accepted',
      error: isInverted ? 'EAPI:Invalid nonce' : null,
      violations: [],
      fault: null,
      effect: null,
      tag: null,
      clientRef: null,
    };
  });
}

/** What a report of a made-up run is made of. */
export function madeUpReport(run: MadeUpRun): HtmlReportParts {
  return reportParts(madeUpCalls(run), run.title ?? 'python bot.py');
}

/** What a report of recorded calls is made of. */
export function reportParts(calls: readonly JournalRecord[], title: string): HtmlReportParts {
  const statistics = new RunStatisticsCollector({ clientSide: false });
  for (const call of calls) statistics.onCall(call);
  const context = { scope: 'global', accounts: null, faultKinds: [], clientSide: false } as const;
  const verdict = judge(
    calls,
    { ...context, seed: 42, strength: 'observed', reproduce: `nonceproof verify --seed 42 -- ${title}` },
    { exit: null, clientCalls: null },
  );
  const facts = {
    title,
    accounts: null,
    scope: 'global',
    seed: 42,
    judgeLine: null,
    statistics: statistics.finish(null),
    evidenceDir: null,
  } as const;
  return { verdict, facts, calls, client: null };
}
