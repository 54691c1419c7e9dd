import type { JournalRecord } from '../../mock-kraken/index.ts';
import { formatInteger } from './words.ts';
import type { ClientCall } from '../history/client-call.ts';
import { held, inconclusive, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleObserver, RuleOutcome, RunEnd, TargetExit } from './rule.ts';
import { callNameWithSeq, count } from './words.ts';

/**
 * Every call settles, and the target ends by itself, with status 0, inside its time limit.
 *
 * Of a recorded file nobody knows how the process ended: all that is judged is whether every call was answered,
 * and one that was not may only mean that the recording stopped first.
 */
export const allSettle: Rule = {
  id: 'all-settle',
  holdsWhen: 'every call settles, and the target ends by itself, with status 0, inside its time limit',
  observe: () => new AllSettle(),
};

class AllSettle implements RuleObserver {
  #calls = 0;
  #inService = 0;
  #firstInService: JournalRecord | null = null;

  onCall(call: JournalRecord): boolean {
    this.#calls += 1;
    if (call.departedNs === null) {
      this.#inService += 1;
      this.#firstInService ??= call;
    }
    return false;
  }

  finish({ exit, clientCalls }: RunEnd): RuleOutcome {
    if (exit === null && clientCalls === null) return this.#recorded();
    const unsettled = (clientCalls ?? []).filter((call) => call.outcome === 'unsettled');
    const reasons = [...explainExit(exit), ...explainUnsettled(unsettled)];
    const badExits = exit === null || endedWell(exit) ? 0 : 1;
    if (reasons.length > 0) return violated(Math.max(unsettled.length, badExits), [], reasons.join(' '));
    const told = clientCalls === null ? '' : `${count(clientCalls.length, 'call')} settled`;
    const ended = exit === null ? '' : 'the target ended by itself with status 0';
    return held([told, ended].filter((part) => part !== '').join(', '));
  }

  #recorded(): RuleOutcome {
    if (this.#calls === 0)
      return notApplicable('There was no call, and how the process ended is not in the file.');
    if (this.#firstInService === null) {
      return held(`${count(this.#calls, 'call')} answered; how the process ended is not in the file`);
    }
    return inconclusive(
      `${count(this.#inService, 'call')} had no answer when the recording ended, ` +
        `${callNameWithSeq(this.#firstInService)} first.`,
    );
  }
}

function endedWell(exit: TargetExit): boolean {
  return !exit.timedOut && exit.signal === null && exit.status === 0;
}

function explainExit(exit: TargetExit | null): readonly string[] {
  if (exit === null || endedWell(exit)) return [];
  if (exit.timedOut) {
    return [`The target was still running after ${formatInteger(exit.timeoutMs / 1000)} s and was ended.`];
  }
  if (exit.signal !== null) return [`The target was ended by ${exit.signal}.`];
  const hint = exit.status === 13 ? ' (Node: something was awaited that can never come)' : '';
  return [`The target ended with status ${exit.status}${hint}.`];
}

function explainUnsettled(calls: readonly ClientCall[]): readonly string[] {
  const [first] = calls;
  if (first === undefined) return [];
  const others = calls.length === 1 ? '' : ` and ${count(calls.length - 1, 'other call')}`;
  return [`${first.account}'s ${first.method} (tag ${first.tag})${others} never settled.`];
}
