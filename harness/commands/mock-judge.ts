import type { JournalRecord } from '../../mock-kraken/index.ts';
import type { LaneScope } from '../../src/index.ts';
import { createJudge } from '../judge/verdict/index.ts';
import type { Judge, Verdict } from '../judge/verdict/index.ts';

/** What a mock that serves is judged by. */
export interface MockJudgeOptions {
  readonly scope: LaneScope;
  readonly seed: number;
  /** See `RuleContext`. */
  readonly strict: boolean;
  /** UNIX milliseconds when the exchange started. */
  readonly originMs: number;
}

/**
 * Judges the calls of a mock while it serves, without keeping them. Who was meant to call is not known, nor is what
 * the clients were told, so it is judged like a recorded file.
 */
export class MockJudge {
  readonly #options: MockJudgeOptions;
  #judge: Judge;
  #calls = 0;

  constructor(options: MockJudgeOptions) {
    this.#options = options;
    this.#judge = judgeOf(options);
  }

  /** Takes a call that has ended; calls come in the order of arrival. */
  onCall(call: JournalRecord): void {
    this.#calls += 1;
    this.#judge.onCall(call);
  }

  /** Over the calls that have ended, and every call before them. May be asked again and again. */
  verdict({ privateCalls, publicCalls }: Counted): Verdict {
    const open = privateCalls - this.#calls;
    const defects =
      open === 0 ? [] : [`${open} of ${privateCalls} calls have not ended, or wait for one that has not`];
    const isPartial = open > 0;
    return this.#judge.finish({ exit: null, clientCalls: null, publicCalls, defects, isPartial });
  }

  /** Another history begins. */
  reset(): void {
    this.#judge = judgeOf(this.#options);
    this.#calls = 0;
  }
}

/** What the exchange has counted. */
interface Counted {
  readonly privateCalls: number;
  readonly publicCalls: number;
}

function judgeOf({ scope, seed, strict, originMs }: MockJudgeOptions): Judge {
  return createJudge({
    scope,
    seed,
    accounts: null,
    faultKinds: [],
    clientSide: false,
    strict,
    originMs,
    strength: 'observed',
    reproduce: `nonceproof mock --admin --scope ${scope} --seed ${seed}${strict ? ' --strict' : ''}`,
  });
}
