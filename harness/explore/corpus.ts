import { brokenRules, judgeHistory } from './judge-history.ts';
import type { ExplorePlan } from './explore-options.ts';
import type { ExplorationSession } from './exploration-session.ts';
import { tokenPlan } from './replay-plan.ts';
import type { ExplorationTotals } from './exploration-totals.ts';
import { decodeToken } from './token/index.ts';

/** One line of a corpus file. */
export interface CorpusEntry {
  readonly token: string;
  /** The rule that the schedule breaks with its target; `held` when it breaks none. */
  readonly expected: string;
}

/** Reads a corpus file: on each line a token and what to expect of it; `#` begins a comment. */
export function parseCorpus(text: string): readonly CorpusEntry[] {
  return text.split('\n').flatMap((line) => {
    const [token = '', expected = 'held'] = line.replace(/#.*/, '').trim().split(/\s+/);
    return token === '' ? [] : [{ token, expected }];
  });
}

/**
 * Replays the tokens of the plan's target, before anything else, up to the first that breaks a rule; those of other
 * targets are left alone.
 * @returns how many were replayed
 */
export async function replayCorpus(
  plan: ExplorePlan,
  { lab, ledger }: { readonly lab: ExplorationSession; readonly ledger: ExplorationTotals },
): Promise<number> {
  const tokens = plan.corpus.map(decodeToken).filter(({ target }) => target === plan.target.name);
  for (const [index, token] of tokens.entries()) {
    const { setting } = token;
    const run = await lab.runOnce(lab.program(setting), tokenPlan(token));
    if (run.ending !== 'over') continue;
    const verdict = judgeHistory(run.result, setting);
    ledger.rules.add(verdict, run.result.faults);
    const rules = brokenRules(verdict);
    const counts = plan.rule === undefined ? rules.length > 0 : rules.includes(plan.rule);
    if (!counts) continue;
    ledger.failure = { setting, choices: run.choices, rules, history: run.result };
    return index + 1;
  }
  return tokens.length;
}
