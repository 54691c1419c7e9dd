import { RULE_IDS } from '../judge/history/index.ts';
import type { RuleId } from '../judge/history/index.ts';
import type { RuleStatus } from '../judge/rules/index.ts';
import { count } from '../format.ts';
import type { Warning } from '../judge/rules/index.ts';
import { RefusalCounter } from '../judge/verdict/index.ts';
import type { Counts, Refusal, RuleVerdict, Verdict } from '../judge/verdict/index.ts';
import type { FaultKind } from './world/index.ts';

/** A {@link RuleTotals} as plain data. */
export interface RuleTotalsSnapshot {
  readonly runs: number;
  readonly counts: Counts;
  readonly faults: readonly FaultKind[];
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly Warning[];
  readonly rules: readonly RuleTotalSnapshot[];
}

/** What one rule said of how many runs, and what it said first. */
export interface RuleTotalSnapshot {
  readonly statuses: Readonly<Record<RuleStatus, number>>;
  readonly first: Readonly<Partial<Record<RuleStatus, RuleVerdict>>>;
}

/** Adds up what the rules say of the runs of an exploration. */
export class RuleTotals {
  readonly #byRule: ReadonlyMap<RuleId, RuleTotal>;
  readonly #faults: Set<FaultKind>;
  readonly #refusals = new RefusalCounter();
  readonly #warnings = new Map<Warning['id'], Warning>();
  #counts: Counts;
  /** Runs that were judged. */
  runs: number;

  /** Goes on from `snapshot`; default from nothing. */
  constructor(snapshot?: RuleTotalsSnapshot) {
    this.#byRule = new Map(RULE_IDS.map((id, index) => [id, new RuleTotal(snapshot?.rules[index])]));
    this.#faults = new Set(snapshot?.faults);
    this.#counts = snapshot?.counts ?? NO_COUNTS;
    this.#remark(snapshot);
    this.runs = snapshot?.runs ?? 0;
  }

  add(verdict: Verdict, faults: readonly FaultKind[]): void {
    this.runs += 1;
    for (const rule of verdict.rules) this.#byRule.get(rule.id)?.add(rule);
    for (const fault of faults) this.#faults.add(fault);
    this.#counts = sum(this.#counts, verdict.counts);
    this.#remark(verdict);
  }

  /** Adds what another tally counted. */
  merge(snapshot: RuleTotalsSnapshot): void {
    this.runs += snapshot.runs;
    this.#counts = sum(this.#counts, snapshot.counts);
    this.#remark(snapshot);
    for (const fault of snapshot.faults) this.#faults.add(fault);
    RULE_IDS.forEach((id, index) => this.#byRule.get(id)?.merge(snapshot.rules[index]));
  }

  get counts(): Counts {
    return this.#counts;
  }

  /** Over all runs; `first` is of the first run that had one. */
  get refusals(): readonly Refusal[] {
    return this.#refusals.list();
  }

  /** One of each kind: that of the first run, with the calls of all. */
  get warnings(): readonly Warning[] {
    return [...this.#warnings.values()];
  }

  snapshot(): RuleTotalsSnapshot {
    const rules = [...this.#byRule.values()].map((rule) => rule.snapshot());
    const { runs, refusals, warnings } = this;
    return { runs, counts: this.#counts, faults: [...this.#faults], refusals, warnings, rules };
  }

  #remark({
    refusals = [],
    warnings = [],
  }: Partial<Pick<RuleTotalsSnapshot, 'refusals' | 'warnings'>> = {}): void {
    for (const refusal of refusals) this.#refusals.add(refusal);
    for (const warning of warnings) {
      const known = this.#warnings.get(warning.id);
      const calls = warning.calls + (known?.calls ?? 0);
      this.#warnings.set(warning.id, { ...(known ?? warning), calls });
    }
  }

  /** Each rule over all runs; of `exercised`, also that every kind of fault in `plan` happened in some run. */
  rules(plan: readonly FaultKind[]): readonly RuleVerdict[] {
    const missing = plan.filter((kind) => !this.#faults.has(kind));
    return RULE_IDS.map((id) => {
      const verdict = this.#byRule.get(id)?.verdict(id) ?? new RuleTotal().verdict(id);
      return id === 'exercised' && verdict.status !== 'violated' && missing.length > 0
        ? {
            ...verdict,
            status: 'inconclusive',
            explanation: `No schedule contained the fault ${missing.join(', ')}.`,
          }
        : verdict;
    });
  }
}

const NO_COUNTS: Counts = {
  accounts: 0,
  calls: 0,
  accepted: 0,
  rejected: 0,
  refused: 0,
  faulted: 0,
  publicCalls: 0,
};

class RuleTotal {
  readonly #statuses: Record<RuleStatus, number>;
  readonly #first: Partial<Record<RuleStatus, RuleVerdict>>;

  constructor(snapshot?: RuleTotalSnapshot) {
    const none = { held: 0, violated: 0, inconclusive: 0, 'not-applicable': 0 };
    this.#statuses = { ...none, ...snapshot?.statuses };
    this.#first = { ...snapshot?.first };
  }

  merge(snapshot: RuleTotalSnapshot | undefined): void {
    for (const status of ORDER) {
      this.#statuses[status] += snapshot?.statuses[status] ?? 0;
      const first = snapshot?.first[status];
      if (first !== undefined) this.#first[status] ??= first;
    }
  }

  snapshot(): RuleTotalSnapshot {
    return { statuses: { ...this.#statuses }, first: { ...this.#first } };
  }

  add(rule: RuleVerdict): void {
    this.#statuses[rule.status] += 1;
    this.#first[rule.status] ??= rule;
  }

  verdict(id: RuleId): RuleVerdict {
    const status = ORDER.find((candidate) => this.#statuses[candidate] > 0) ?? 'inconclusive';
    const runs = this.#statuses[status];
    const { first = [], explanation = 'No schedule was run.' } = this.#first[status] ?? {};
    const inWords = status === 'held' ? `in ${count(runs, 'schedule')}` : explanation;
    return { id, status, violations: status === 'violated' ? runs : 0, first, explanation: inWords };
  }
}

/**
 * One violation outweighs everything. A rule that held in some runs held; that others had nothing to check, or too
 * little (an account whose only call was cancelled), takes nothing from that.
 */
const ORDER: readonly RuleStatus[] = ['violated', 'held', 'inconclusive', 'not-applicable'];

function sum(a: Counts, b: Counts): Counts {
  return {
    accounts: Math.max(a.accounts, b.accounts),
    calls: a.calls + b.calls,
    accepted: a.accepted + b.accepted,
    rejected: a.rejected + b.rejected,
    refused: a.refused + b.refused,
    faulted: a.faulted + b.faulted,
    publicCalls: a.publicCalls + b.publicCalls,
  };
}
