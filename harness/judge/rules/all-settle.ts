import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../history/index.ts';
import { held, inconclusive, notApplicable, violated } from './outcome.ts';
import type { Rule, RuleContext, RuleObserver, RuleOutcome, RunEnd, TargetExit } from './rule.ts';
import { describeExit, endedAsPlanned, endedWell, NODE_STUCK_STATUS, wasStopped } from './target-exit.ts';
import { callNameWithSeq, count, formatDuration } from '../../format.ts';

/**
 * Every call that was answered settles, and the target does not hang.
 *
 * | the target                                          | the rule is                                       |
 * | --------------------------------------------------- | ------------------------------------------------- |
 * | ended with status 0                                 | held, or violated by calls that never settled     |
 * | was ended at its time limit, and hung               | violated                                          |
 * | was ended at its time limit, at work                | inconclusive: more time would have been needed    |
 * | was ended by an interrupt                           | inconclusive                                      |
 * | was stopped as planned, at work                     | held; calls that had no answer yet were cut off   |
 * | was stopped as planned, and had been still for long | inconclusive: it may hang, or pause               |
 * | ended with another status, or by a signal           | inconclusive: a crash is no answer to any rule    |
 * | is a client module that waited for what never comes | violated                                          |
 * | made no call                                        | inconclusive: there was nothing that could settle |
 *
 * Of a recorded file nobody knows how the process ended: all that is judged is whether every call was answered,
 * and one that was not may only mean that the recording stopped first.
 */
export const allSettle: Rule = {
  id: 'all-settle',
  holdsWhen: 'every call that was answered settles, and the target does not hang',
  observe: (context) => new AllSettle(context),
};

class AllSettle implements RuleObserver {
  #calls = 0;
  #inService = 0;
  /** The latest moment that the journal shows. */
  #lastNs = 0;
  #firstInService: JournalRecord | null = null;
  /** The call of each tag that was answered; `null` when the client's side is not known. */
  readonly #answered: Map<string, JournalRecord> | null;

  constructor({ clientSide }: RuleContext) {
    this.#answered = clientSide === false ? null : new Map();
  }

  onCall(call: JournalRecord): boolean {
    this.#calls += 1;
    this.#lastNs = Math.max(this.#lastNs, call.departedNs ?? call.arrivedNs);
    if (call.departedNs === null) {
      this.#inService += 1;
      this.#firstInService ??= call;
    } else if (call.tag !== null) this.#answered?.set(call.tag, call);
    return false;
  }

  finish({ exit, clientCalls }: RunEnd): RuleOutcome {
    if (exit === null && clientCalls === null) return this.#recorded();
    const unsettled = (clientCalls ?? []).filter((call) => call.outcome === 'unsettled');
    if (exit === null || endedWell(exit)) return this.#endedByItself(exit, clientCalls, unsettled);
    if (this.#calls === 0 && unsettled.length === 0) {
      return inconclusive(`The target ${describeExit(exit)}, and made no call before.`);
    }
    if (endedAsPlanned(exit)) return this.#stoppedAsPlanned(exit, unsettled);
    return this.#endedOtherwise(exit, clientCalls, unsettled);
  }

  #endedByItself(
    exit: TargetExit | null,
    clientCalls: readonly ClientCall[] | null,
    unsettled: readonly ClientCall[],
  ): RuleOutcome {
    if (unsettled.length > 0) return violated(unsettled.length, [], this.#explainWaiting(unsettled));
    const told = clientCalls === null ? '' : `${count(clientCalls.length, 'call')} settled`;
    const ended = exit === null ? '' : 'the target ended by itself with status 0';
    return held([told, ended].filter((part) => part !== '').join(', '));
  }

  /** A call without an answer was cut off; one that was answered long before should have settled. */
  #stoppedAsPlanned(exit: TargetExit, unsettled: readonly ClientCall[]): RuleOutcome {
    const overdue = unsettled.filter(({ tag }) => this.#isOverdue(this.#answered?.get(tag)));
    if (overdue.length > 0) return violated(overdue.length, [], this.#explainWaiting(unsettled));
    if (wasStill(exit)) {
      const still = formatDuration((exit.stillness?.lastMs ?? 0) * 1e6);
      return inconclusive(
        `The target ${describeExit(exit)}, but nothing had been in service for ${still}: it may hang, or pause. ` +
          'Let it run longer than it pauses with --duration.',
      );
    }
    const cutOff = Math.max(this.#inService, unsettled.length);
    const open = cutOff === 0 ? '' : `; ${count(cutOff, 'call')} cut off`;
    return held(`the target ${describeExit(exit)}${open}`);
  }

  #isOverdue(answered: JournalRecord | undefined): boolean {
    if (answered?.departedNs === undefined || answered.departedNs === null) return false;
    return this.#lastNs - answered.departedNs > SETTLING_NS_MAX;
  }

  #endedOtherwise(
    exit: TargetExit,
    clientCalls: readonly ClientCall[] | null,
    unsettled: readonly ClientCall[],
  ): RuleOutcome {
    const waiting = unsettled.length === 0 ? '' : ` ${this.#explainWaiting(unsettled)}`;
    const violations = Math.max(1, unsettled.length);
    if (hung(exit)) {
      const stillMs = exit.stillness?.lastMs ?? 0;
      const still = `nothing had been in service for ${formatDuration(stillMs * 1e6)}`;
      return violated(violations, [], `The target hung: it ${describeExit(exit)}; ${still}.${waiting}`);
    }
    const isStuck = clientCalls !== null && exit.status === NODE_STUCK_STATUS && !wasStopped(exit);
    if (isStuck || exit.endedBy === 'uncaught-error') {
      return violated(violations, [], `The target ${describeExit(exit)}.${waiting}`);
    }
    return inconclusive(
      `The target ${describeExit(exit)}.${this.#explainCutOff(exit, clientCalls, unsettled)}`,
    );
  }

  #explainCutOff(
    { endedBy }: TargetExit,
    clientCalls: readonly ClientCall[] | null,
    unsettled: readonly ClientCall[],
  ): string {
    const open = unsettled.length === 0 ? '' : ` ${count(unsettled.length, 'call')} had not settled by then.`;
    if (endedBy !== 'time-limit') return open;
    const advice = clientCalls === null ? COMMAND_ADVICE : MODULE_ADVICE;
    return `${open}${advice}`;
  }

  /** Who waits for whom, as far as the journal shows: a call that was answered and did not settle keeps the others. */
  #explainWaiting(unsettled: readonly ClientCall[]): string {
    const answered = unsettled.filter(({ tag }) => this.#answered?.has(tag) === true);
    const [first] = answered.length > 0 ? answered : unsettled;
    if (first === undefined) return '';
    const record = this.#answered?.get(first.tag);
    const others = unsettled.length - 1;
    if (record === undefined) {
      const rest = others === 0 ? '' : ` and ${count(others, 'other call')}`;
      return `${nameOf(first)}${rest} never settled.`;
    }
    const alike = answered.length - 1;
    const rest = alike === 0 ? '' : `, as did ${count(alike, 'other call')}`;
    const unsent = unsettled.length - answered.length;
    const waiting =
      unsent === 0
        ? ''
        : ` ${count(unsent, 'call')} waited behind and ${unsent === 1 ? 'was' : 'were'} never sent.`;
    return `${nameOf(first)} was answered (#${record.seq}) and never settled${rest}.${waiting}`;
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

const MODULE_ADVICE = ' Give it more time with --timeout, or fewer calls.';
const COMMAND_ADVICE =
  ' If it runs until it is stopped, stop it with --duration or --stop-after; else give it more time with --timeout.';

/** A call settles this long after its answer at the latest, on a busy machine too; else it never will. */
const SETTLING_NS_MAX = 5e9;

/** Longer than any pause of a client at work: the built-in client's longest is its settling time of 10 s. */
const STILL_MS_MAX = 60_000;
/** A target that pauses now and then may be at its next pause. */
const PAUSES_MAX = 3;

/**
 * Whether the target had stopped for good when its time limit came: nothing was in service for the last half of
 * its time (or a minute), which is far longer than it ever paused before.
 */
function hung(exit: TargetExit): boolean {
  return exit.endedBy === 'time-limit' && wasStill(exit);
}

/** Whether nothing was in service for long when the harness ended the target. */
function wasStill({ stillness, ranMs, timeoutMs }: TargetExit): boolean {
  if (stillness === undefined) return false;
  const stillMsMin = Math.max(
    Math.min((ranMs ?? timeoutMs) / 2, STILL_MS_MAX),
    PAUSES_MAX * stillness.longestBeforeMs,
  );
  return stillness.lastMs >= stillMsMin;
}

function nameOf({ account, method, tag }: ClientCall): string {
  return `${account}'s ${method} (tag ${tag})`;
}
