import { brokenRules, judgeHistory } from './judge-history.ts';
import type { ExplorePlan } from './explore-options.ts';
import type { Lab } from './lab.ts';
import { tokenPlan } from './replay-plan.ts';
import type { Failure } from './search.ts';
import type { Tally } from './tally.ts';
import { decodeToken } from './token/token.ts';

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

/** What came of a corpus. */
export interface CorpusResult {
  /** Tokens of the plan's target; those of others are left alone. */
  readonly replayed: number;
  readonly failure: Failure | null;
}

/** Replays the tokens of the plan's target, before anything else, up to the first that breaks a rule. */
export async function replayCorpus(
  plan: ExplorePlan,
  { lab, tally }: { readonly lab: Lab; readonly tally: Tally },
): Promise<CorpusResult> {
  const tokens = plan.corpus.map(decodeToken).filter(({ target }) => target === plan.target.name);
  for (const [index, token] of tokens.entries()) {
    const { setting } = token;
    const run = await lab.runOnce(lab.program(setting), tokenPlan(token));
    if (run.ending !== 'over') continue;
    const verdict = judgeHistory(run.result, setting);
    tally.add(verdict, run.result.faults);
    const rules = brokenRules(verdict);
    const counts = plan.rule === undefined ? rules.length > 0 : rules.includes(plan.rule);
    if (counts) {
      return { replayed: index + 1, failure: { setting, choices: run.choices, rules, history: run.result } };
    }
  }
  return { replayed: tokens.length, failure: null };
}
