import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import type { ClientCall } from '../history/index.ts';
import { explainHeldUp, heldUpBy, KeptLaneFinder } from './kept-lane.ts';
import type { HeldUp } from './kept-lane.ts';
import { held, inconclusive, notApplicable, violated } from './outcome.ts';
import { countOvertakes } from './overtakes.ts';
import type { Stay } from './overtakes.ts';
import { waitsForOwn } from './own-line.ts';
import type { Rule, RuleContext, RuleObserver, RuleOutcome, RunEnd } from './rule.ts';
import { count } from '../../format.ts';

/** Why waits are not judged. */
const UNSEEN = 'waits are not visible from outside';
const ABSENT = 'who was stopped or cut off rightly lost his place, so waits were not judged';

/** However few accounts share a lane, so many overtakes are allowed. */
const OVERTAKES_MAX_AT_LEAST = 4;

/**
 * Each account makes progress, and the wait is bounded by the queue ahead of a call.
 *
 * A call is *overtaken* by one that was asked for later and was answered before the first even arrived. The
 * exact bound of a first-in-first-out lane is 0. The bound here is the number of accounts that share the lane
 * (at least 4), once for each thread and process that asks for all of them, because a fair client may reorder a
 * few: it may do unequal work before it queues (so that calls asked for at one moment, at most one burst an
 * account, enter the queue in another order; and a thread can be stopped between the two), and a call nested in
 * an open turn is rightly served before those that wait outside. Neither grows with the length of the run,
 * and starvation does: last-in-first-out under steady load overtakes its oldest call by nearly every later
 * one, hundreds of them.
 *
 * "Answered before the first even arrived" keeps clients without a lane out of it: their calls overtake each
 * other on the wire by chance, which is the business of `no-overlap`.
 *
 * Calls that failed without arriving gave up by themselves and are not counted; one that never settled and never
 * arrived counts as waiting until the end. A priority queue that lets hundreds of orders pass a balance check
 * is found guilty, and should be: under steady load that check never comes.
 *
 * A call that stays behind an earlier one of its own account, which was refused or is sent again, waits for that one:
 * what others do meanwhile does not count. Where the run drives an account to a limit, a lane that is kept empty until
 * that account may call again, while others wait, is a violation; see `kept-lane.ts`.
 *
 * Without the client's side, waiting cannot be seen from outside; and where processes are stopped or cut off for a
 * while, nobody can say how many may go before them. Then all that is judged is that each account made a call.
 */
export const noStarvation: Rule = {
  id: 'no-starvation',
  holdsWhen: 'each account makes progress, and the wait is bounded by the queue ahead of it',
  observe: (context) => new NoStarvation(context),
};

interface Arrival {
  readonly seq: number;
  readonly arrivedNs: number;
  readonly departedNs: number | null;
  /** The end of the first attempt, when it was refused or is not the last. */
  readonly troubledNs: number | null;
}

class NoStarvation implements RuleObserver {
  readonly #context: RuleContext;
  /** The first arrival of each tag; `null` when nobody will ask. */
  readonly #arrivals: Map<string, Arrival> | null;
  readonly #accounts: string[] = [];
  readonly #kept: KeptLaneFinder | null;

  constructor(context: RuleContext) {
    this.#context = context;
    const { accountLimit, clientSide, instances = 1, scope } = context;
    this.#arrivals = clientSide === false ? null : new Map();
    const judgesKept = accountLimit === true && scope === 'global' && instances === 1;
    this.#kept = judgesKept ? new KeptLaneFinder() : null;
  }

  onCall(call: JournalRecord, { accountIndex }: CallFacts): boolean {
    if (call.account !== null && accountIndex === this.#accounts.length) this.#accounts.push(call.account);
    if (this.#arrivals !== null && call.tag !== null) this.#note(call.tag, call, this.#arrivals);
    this.#kept?.onCall(call);
    return false;
  }

  #note(tag: string, call: JournalRecord, arrivals: Map<string, Arrival>): void {
    const { seq, arrivedNs, departedNs, outcome } = call;
    const first = arrivals.get(tag);
    const endNs = departedNs ?? arrivedNs;
    if (first === undefined) {
      arrivals.set(tag, { seq, arrivedNs, departedNs, troubledNs: outcome === 'accepted' ? null : endNs });
    } else if (first.troubledNs === null) {
      arrivals.set(tag, { ...first, troubledNs: first.departedNs ?? first.arrivedNs });
    }
  }

  finish({ clientCalls }: RunEnd): RuleOutcome {
    if (clientCalls === null || this.#arrivals === null) return this.#progressOnly(UNSEEN);
    if (this.#context.absences === true) return this.#progressOnly(ABSENT);
    if (clientCalls.length > 0 && this.#arrivals.size === 0) {
      return inconclusive('No call that arrived could be matched with a call that was asked for.');
    }
    const lanes = this.#context.scope === 'global' ? [clientCalls] : byAccount(clientCalls);
    const stays = lanes.map((lane) => this.#staysOf(lane));
    const heldUp = this.#heldUp(clientCalls);
    const [first] = heldUp;
    if (first === undefined) return this.#judgeWaits(stays);
    const { again, refused } = first.kept;
    return violated(heldUp.length, [again.seq, refused.seq], explainHeldUp(first));
  }

  #heldUp(calls: readonly ClientCall[]): readonly HeldUp[] {
    return heldUpBy(this.#kept?.found ?? [], calls, (tag) => this.#arrivals?.get(tag)?.arrivedNs ?? null);
  }

  #progressOnly(reason: string): RuleOutcome {
    const { accounts } = this.#context;
    if (this.#accounts.length === 0) return notApplicable('No account made a call.');
    const silent = (accounts ?? []).filter((account) => !this.#accounts.includes(account));
    if (silent.length > 0) {
      return inconclusive(
        `${silent[0]} made no call; whether it was kept waiting cannot be told: ${reason}.`,
      );
    }
    return held(`${count(this.#accounts.length, 'account')} made progress; ${reason}`);
  }

  /** The calls of one lane that waited, in the order of asking. */
  #staysOf(lane: readonly ClientCall[]): readonly WaitingCall[] {
    const calls: WaitingCall[] = [];
    const waitsSince = waitsForOwn(lane, (tag) => this.#arrivals?.get(tag)?.troubledNs ?? null);
    for (const asked of lane) {
      const arrival = this.#arrivals?.get(asked.tag) ?? null;
      if (arrival === null && asked.outcome !== 'unsettled') continue;
      calls.push({
        asked,
        seq: arrival?.seq ?? null,
        arrivedNs: Math.min(arrival?.arrivedNs ?? Infinity, waitsSince.get(asked.tag) ?? Infinity),
        departedNs: arrival?.departedNs ?? Infinity,
      });
    }
    return calls;
  }

  #judgeWaits(lanes: readonly (readonly WaitingCall[])[]): RuleOutcome {
    const overtakesMax = this.#overtakesMax();
    const overtaken = lanes.flatMap((calls) => {
      const overtakes = countOvertakes(calls);
      return calls.map((call, i) => ({ call, overtakes: overtakes[i] ?? 0 }));
    });
    if (overtaken.length === 0) return notApplicable('No call waited.');
    const worst = overtaken.reduce((a, b) => (b.overtakes > a.overtakes ? b : a));
    const starved = overtaken.filter(({ overtakes }) => overtakes > overtakesMax);
    if (starved.length === 0) {
      return held(
        `${count(this.#accounts.length, 'account')} made progress; no call overtaken by more than ${worst.overtakes}`,
      );
    }
    const seqs = worst.call.seq === null ? [] : [worst.call.seq];
    return violated(starved.length, seqs, explain(worst, overtakesMax));
  }

  #overtakesMax(): number {
    const { accounts, instances = 1, scope } = this.#context;
    const sharing = scope === 'key' ? 1 : (accounts?.length ?? this.#accounts.length);
    return Math.max(OVERTAKES_MAX_AT_LEAST, sharing * instances);
  }
}

interface WaitingCall extends Stay {
  readonly asked: ClientCall;
  readonly seq: number | null;
}

interface Overtaken {
  readonly call: WaitingCall;
  readonly overtakes: number;
}

function byAccount(calls: readonly ClientCall[]): readonly (readonly ClientCall[])[] {
  const lanes = new Map<string, ClientCall[]>();
  for (const call of calls) {
    const lane = lanes.get(call.account);
    if (lane === undefined) lanes.set(call.account, [call]);
    else lane.push(call);
  }
  return [...lanes.values()];
}

function explain({ call, overtakes }: Overtaken, overtakesMax: number): string {
  const { account, method, tag } = call.asked;
  const name = `${account}'s ${method} (${call.seq === null ? `tag ${tag}, which never arrived` : `#${call.seq}`})`;
  return `${name} was overtaken by ${count(overtakes, 'call')} asked for after it; at most ${overtakesMax} are fair here.`;
}
