import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { CallFacts } from './call-facts.ts';
import type { ClientCall } from '../history/index.ts';
import { held, inconclusive, violated } from './outcome.ts';
import type { Rule, RuleContext, RuleObserver, RuleOutcome, RunEnd } from './rule.ts';
import { describeExit, endedWell } from './target-exit.ts';
import { count } from '../../format.ts';

/**
 * The run really contained what it claims to have tested: calls from every account, two calls in some lane,
 * each kind of fault in the plan, when it struck a call; and, where the client's side is known, two calls pending at the same time, and
 * every call of which the client was told that it succeeded.
 *
 * The last is a violation when it is missing: the client claims what it did not do. Everything else makes the
 * rule inconclusive. That a call failed or never settled is no concern of this rule.
 */
export const exercised: Rule = {
  id: 'exercised',
  holdsWhen: 'the run really contained what it claims to have tested',
  observe: (context) => new Exercised(context),
};

class Exercised implements RuleObserver {
  readonly #context: RuleContext;
  readonly #accounts: string[] = [];
  #keys = 0;
  readonly #missingFaults: Set<string>;
  /** The account under which each tag arrived; `null` when nobody will ask. */
  readonly #accountOfTag: Map<string, string | null> | null;
  #calls = 0;
  #sharedLane = false;

  constructor(context: RuleContext) {
    this.#context = context;
    this.#missingFaults = new Set(context.faultKinds);
    this.#accountOfTag = context.clientSide === false ? null : new Map();
  }

  onCall(call: JournalRecord, { accountIndex, keyIndex }: CallFacts): boolean {
    if (call.fault !== null && call.account !== null) this.#missingFaults.delete(call.fault);
    if (call.duplicateOf !== undefined) return false;
    this.#calls += 1;
    if (call.account !== null && accountIndex === this.#accounts.length) this.#accounts.push(call.account);
    if (!this.#sharedLane) this.#sharedLane = this.#joinsLane(keyIndex);
    if (call.tag !== null) this.#accountOfTag?.set(call.tag, call.account);
    return false;
  }

  finish(end: RunEnd): RuleOutcome {
    const { clientCalls, faultsElsewhere = [] } = end;
    for (const kind of faultsElsewhere) this.#missingFaults.delete(kind);
    const claims = clientCalls === null ? null : this.#checkClaims(clientCalls);
    if (claims?.status === 'violated') return claims;
    return this.#missing(end) ?? claims ?? held(this.#explainHeld(clientCalls));
  }

  /** Whether a lane that had a call gets another. */
  #joinsLane(keyIndex: number): boolean {
    if (this.#context.scope === 'global') return this.#calls > 1;
    if (keyIndex < 0) return false;
    if (keyIndex < this.#keys) return true;
    this.#keys += 1;
    return false;
  }

  /** `null` when every success that was reported arrived. */
  #checkClaims(clientCalls: readonly ClientCall[]): RuleOutcome | null {
    const succeeded = clientCalls.filter((call) => call.outcome === 'succeeded');
    if (succeeded.length > this.#calls)
      return violated(succeeded.length - this.#calls, [], explainTooFew(succeeded, this.#calls));
    if (succeeded.length === 0) return null;
    if (this.#accountOfTag === null || this.#accountOfTag.size === 0) return inconclusive(NO_TAG);
    const tags = this.#accountOfTag;
    const unseen = succeeded.filter((call) => tags.get(call.tag) !== call.account);
    const [first] = unseen;
    if (first === undefined) return null;
    return violated(unseen.length, [], explainUnseen(first, tags.get(first.tag)));
  }

  #missing(end: RunEnd): RuleOutcome | null {
    const { clientCalls } = end;
    if (this.#calls === 0) return inconclusive(`The exchange saw no private call. ${this.#advice(end)}`);
    const heard = new Set(this.#accounts);
    const silent = (this.#context.accounts ?? []).filter((account) => !heard.has(account));
    if (silent.length > 0) return inconclusive(`${explainSilent(silent)} ${this.#advice(end)}`);
    if (!this.#sharedLane)
      return inconclusive('No lane saw two calls, so order and overlap were never put to the test.');
    if (this.#missingFaults.size > 0) {
      return inconclusive(explainNeverFired([...this.#missingFaults], this.#calls));
    }
    if (clientCalls !== null && !hadContention(clientCalls)) {
      return inconclusive(
        'No two calls were ever pending at the same time, so nothing contended for the lane.',
      );
    }
    return null;
  }

  /** A target that did not end well has its own reason, which is nearer than any address. */
  #advice({ clientCalls, exit, connectionsRefused = 0 }: RunEnd): string {
    if (connectionsRefused > 0) return explainRefused(connectionsRefused);
    if (exit !== null && !endedWell(exit)) return `The target ${describeExit(exit)}.`;
    if (this.#context.accounts === null) return 'Check that the file is the whole recording.';
    if (clientCalls !== null) return 'Look at what the client was told (client.ndjson).';
    return 'Check that the command sends its calls to KRAKEN_API_URL, as each account in KRAKEN_ACCOUNTS_FILE.';
  }

  #explainHeld(clientCalls: readonly ClientCall[] | null): string {
    const { accounts, faultKinds } = this.#context;
    const from = `${count(this.#calls, 'call')} from ${count(this.#accounts.length, 'account')}`;
    const asked = accounts === null ? '; what the recording was meant to contain is not known' : '';
    const contention = clientCalls === null ? '' : ', with contention';
    const faults = faultKinds.length === 0 ? '' : `, ${count(faultKinds.length, 'kind')} of fault`;
    return `${from}${contention}${faults}${asked}`;
  }
}

const NO_TAG =
  'No call carries the tag it was asked with, so what the client claims cannot be matched with what arrived: ' +
  'the client does not pass unknown parameters on.';

function explainRefused(connections: number): string {
  return (
    `The fault refuse turned ${count(connections, 'connection')} away, and with each the call that a client without ` +
    'retries would have made. Give each account more calls with --calls.'
  );
}

function explainNeverFired(kinds: readonly string[], calls: number): string {
  return `The fault plan's ${kinds.join(', ')} never fired in ${count(calls, 'call')}. Make more with --calls.`;
}

function explainSilent(silent: readonly string[]): string {
  const shown = silent.slice(0, 3).join(', ');
  const rest = silent.length > 3 ? ` and ${count(silent.length - 3, 'other')}` : '';
  return `No call came from ${shown}${rest}.`;
}

function explainTooFew(succeeded: readonly ClientCall[], arrived: number): string {
  return `The client was told of ${count(succeeded.length, 'success', 'successes')}, but only ${count(arrived, 'call')} arrived.`;
}

function explainUnseen(call: ClientCall, arrivedAs: string | null | undefined): string {
  const name = `${call.account}'s ${call.method} (tag ${call.tag})`;
  if (arrivedAs === undefined) return `${name} was told that it succeeded, but it never arrived.`;
  return `${name} was told that it succeeded, but it arrived as a call of ${arrivedAs ?? 'nobody'}.`;
}

/** Whether some call was asked for while another was pending. */
function hadContention(calls: readonly ClientCall[]): boolean {
  const byAsking = calls.toSorted((a, b) => a.askedMs - b.askedMs);
  let pendingUntilMs = -Infinity;
  for (const call of byAsking) {
    if (call.askedMs < pendingUntilMs) return true;
    pendingUntilMs = Math.max(pendingUntilMs, call.settledMs ?? Infinity);
  }
  return false;
}
