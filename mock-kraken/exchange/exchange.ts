import { admit } from './admission.ts';
import { ApiKey, type KeySettings } from './api-key.ts';
import { Backend } from './backend.ts';
import { ExchangeCall } from './call.ts';
import { conclude, faultAnswer, isFatal, rejectionAnswer, type Answer } from './conclude.ts';
import type { Credentials } from './credentials.ts';
import { draftRecord, recordedMethod, type ArrivalFacts, type DraftRecord } from './draft-record.ts';
import { parseExchangeOptions, type ExchangeOptions, type ExchangeSettings } from './exchange-options.ts';
import { ExchangeError } from './exchange-error.ts';
import { FaultScript, stageOf, type Fault, type FaultPlan } from '../faults/index.ts';
import type { JournalRecord } from './journal.ts';
import { DeliveryNotes } from './delivery-notes.ts';
import { BoundedJournal } from './bounded-journal.ts';
import { maintenanceReply } from './maintenance-reply.ts';
import { Lanes } from './lanes.ts';
import { Limits } from '../limits/index.ts';
import { readBody, readNames, rejectBody, type ReceivedBody } from './read-body.ts';
import { dated, jsonReply, type ExchangeReply } from '../exchange-reply.ts';
import { apiKeyOf, type RequestHead } from './request-head.ts';
import type { VenueControls } from '../venue-interface.ts';

/** An account as it is opened: its key and what that may do, and what the account holds. */
export interface NewAccount extends Credentials, KeySettings {
  /** Amounts by asset, e.g. `{ ZUSD: '10000' }`. Default: the venue's. */
  readonly balances?: Readonly<Record<string, string>>;
}

/**
 * The exchange's state machine. Plain synchronous functions over plain state: no sockets, timers, clock or
 * randomness, so that one request's fate can never race another's. Whoever serves a call says what happens
 * when, in this order: `begin` when its head arrives, `receiveBody` when its body is complete, `finish` when
 * the work on it is over. From `begin` to `finish` it is in service, whether or not its sender still waits.
 *
 * Every time is in nanoseconds since the exchange started. Events are ordered by the order in which they are
 * told: a time that is not later than the last event's is moved one nanosecond after it. A client that reads a
 * reply before it sends its next request can therefore never appear to overlap, however coarse the clock.
 */
export interface Exchange {
  /**
   * Every private call so far, in the order of arrival, as far as `journalRecordsMax` allows. A live view; a record is
   * final once it has `departedNs`.
   */
  readonly journal: readonly JournalRecord[];
  /**
   * How many records the journal has let go. Unless this is 0, the journal is not the whole history and must not be
   * judged as if it were; `onRecord` is told of every record.
   */
  readonly journalDropped: number;
  /** How many private calls arrived or were turned away; also the highest `seq`. */
  readonly privateCalls: number;
  /** How many public calls were answered; they are never in service. */
  readonly publicCalls: number;
  /**
   * Opens an account with its first API key, or gives an account another key. What an account holds is looked at
   * when the venue is first needed; once it is there, balances that cannot be throw a `VenueError`.
   */
  addAccount(account: NewAccount): void;
  /** Whether an account or an API key of that name is here. */
  has(name: { readonly account: string } | { readonly apiKey: string }): boolean;
  /**
   * Back to the state after its accounts were opened, whenever that was: no history, no orders, nonces and limits
   * forgotten, the fault plan at its start. `seq` starts over; time goes on.
   * @throws ExchangeError while calls are in service, or when the venue was handed in ready
   */
  reset(): void;
  /** From now on this goes wrong, counted from the next call; `null` for nothing. */
  setFaults(plan: FaultPlan | null): void;
  /**
   * Moves the venue from outside: prices, balances.
   * @throws ExchangeError when the venue cannot be moved
   * @throws VenueError when what is asked for cannot be
   */
  moveVenue(move: (venue: VenueControls, atMs: number) => void, atNs: number): void;
  /**
   * A private request has reached the door: says which fault of the plan strikes it, if any. Ask once for each.
   * A fault of stage `connection` keeps it out (`turnAway`); one of stage `way` delays it; any other is told to
   * `begin`, and what it does to service time and delivery is the door's to enact.
   */
  faultFor(head: RequestHead, atNs: number): Fault | null;
  /**
   * A private request does not arrive, because of a fault of stage `connection`. It is recorded, so that the
   * history knows of it and of the nonce that was sent, but it is never in service: it departs as it arrives. Of a
   * connection that is refused the nonce is left out: nothing was sent, as far as its sender can know.
   */
  turnAway(request: TurnedAway, atNs: number): ExchangeReply;
  /** The head of a private request has arrived: the call is in service. */
  begin(head: RequestHead, atNs: number, fault?: Fault | null): ExchangeCall;
  /** The body is complete, or never will be: the call is admitted or rejected, and its nonce is committed. */
  receiveBody(call: ExchangeCall, body: ReceivedBody, atNs: number): void;
  /**
   * A middlebox delivers the bytes of a call once more, whose body must have arrived: a fault of stage `twice`. The
   * second delivery is admitted or rejected like every other call, and must be ended by `finish`. It takes no place
   * in its lane, and breaks no rule: the client sent one request. When the client reads this reply
   * (`duplicate-second-reply`), it may send its next call once this is finished, even if the first delivery is still
   * in service; that one leaves the lane then.
   */
  repeat(first: ExchangeCall, fault: Fault, atNs: number): ExchangeCall;
  /**
   * Ends the service; an admitted call takes effect now. A call whose body never came counts as incomplete.
   * Asked again, it gives the same reply again.
   */
  finish(call: ExchangeCall, atNs: number): ExchangeReply;
  /**
   * A reply of `finish` has gone out whole, or never will: its client was gone. Whoever serves calls should say so; a
   * reply of which nothing is said counts as on its way for ever, unless a fault took it.
   */
  delivered(reply: ExchangeReply, isWhole: boolean): void;
  /** Answers `GET /0/public/…`. */
  publicCall(head: RequestHead, atNs: number): ExchangeReply;
}

/** A private request that a fault keeps out. */
export interface TurnedAway {
  readonly head: RequestHead;
  /** Of stage `connection`. */
  readonly fault: Fault;
  readonly body: ReceivedBody;
}

/** Creates an exchange without accounts. Cheap: what is expensive is built when it is first needed. */
export function createExchange(options: ExchangeOptions = {}): Exchange {
  return new SansIoExchange(parseExchangeOptions(options));
}

/** Everything that `reset` throws away, but for the journal, of which there is a live view. */
interface Parts {
  readonly limits: Limits | null;
  readonly backend: Backend;
  readonly keys: Map<string, ApiKey>;
  readonly deliveries: DeliveryNotes;
}

function partsOf(settings: ExchangeSettings): Parts {
  const limits = settings.limits === null ? null : new Limits(settings.limits);
  return { limits, backend: new Backend(settings, limits), keys: new Map(), deliveries: new DeliveryNotes() };
}

class SansIoExchange implements Exchange {
  readonly #settings: ExchangeSettings;
  /** As they were added, for `reset`. */
  readonly #accounts: NewAccount[] = [];
  readonly #lanes: Lanes;
  readonly #accountLanes = new Lanes('key');
  readonly #journal: BoundedJournal;
  #parts: Parts;
  #faultPlan: FaultPlan | null;
  #faults: FaultScript | null;
  /** The time of the last event; only grows. */
  #lastEventNs = -1;
  #callsInService = 0;
  #publicCalls = 0;

  constructor(settings: ExchangeSettings) {
    this.#settings = settings;
    this.#parts = partsOf(settings);
    this.#lanes = new Lanes(settings.scope);
    this.#journal = new BoundedJournal({
      recordsMax: settings.journalRecordsMax,
      onRecord: settings.onRecord,
    });
    this.#faultPlan = settings.faults;
    this.#faults = scriptOf(settings.faults);
  }

  get journal(): readonly JournalRecord[] {
    return this.#journal.records;
  }

  get journalDropped(): number {
    return this.#journal.dropped;
  }

  get privateCalls(): number {
    return this.#journal.count;
  }

  get publicCalls(): number {
    return this.#publicCalls;
  }

  addAccount(account: NewAccount): void {
    this.#open(account);
    this.#accounts.push(account);
  }

  has(name: { readonly account: string } | { readonly apiKey: string }): boolean {
    if ('apiKey' in name) return this.#parts.keys.has(name.apiKey);
    return this.#accounts.some(({ account }) => account === name.account);
  }

  reset(): void {
    const { venueIsReady } = this.#settings;
    if (this.#callsInService > 0) throw resetRefused(this.#callsInService);
    if (venueIsReady) throw new ExchangeError('venue_not_made_here', NO_FRESH_VENUE);
    this.#parts = partsOf(this.#settings);
    for (const account of this.#accounts) this.#open(account);
    this.#journal.clear();
    this.#publicCalls = 0;
    this.setFaults(this.#faultPlan);
  }

  setFaults(plan: FaultPlan | null): void {
    this.#faultPlan = plan;
    this.#faults = scriptOf(plan);
  }

  moveVenue(move: (venue: VenueControls, atMs: number) => void, atNs: number): void {
    this.#parts.backend.move(move, this.#wallMs(this.#stamp(atNs)));
  }

  faultFor(head: RequestHead, atNs: number): Fault | null {
    const apiKey = apiKeyOf(head);
    const account = this.#parts.keys.get(apiKey)?.account ?? null;
    const target = { account, method: recordedMethod(head), apiKey };
    return this.#faults?.next(target, this.#wallMs(atNs)) ?? null;
  }

  turnAway({ head, fault, body }: TurnedAway, atNs: number): ExchangeReply {
    const arrivedNs = this.#stamp(atNs);
    const key = this.#parts.keys.get(apiKeyOf(head)) ?? null;
    const record = this.#record({ head, key, arrivedNs, fault });
    const call = new ExchangeCall({ head, record, key, fault });
    if (fault.kind === 'refuse') readNames(call, body);
    else readBody(call, body);
    const reply = conclude(call, faultAnswer(fault), arrivedNs);
    this.#parts.deliveries.onDecided(call, reply);
    this.#journal.conclude();
    return reply;
  }

  begin(head: RequestHead, atNs: number, fault: Fault | null = null): ExchangeCall {
    const arrivedNs = this.#stamp(atNs);
    const apiKey = apiKeyOf(head);
    const key = this.#parts.keys.get(apiKey) ?? null;
    this.#callsInService += 1;
    const overlaps = this.#lanes.enter(apiKey) > 0;
    const othersOfAccount = this.#accountLanes.enter(key?.account ?? '');
    const record = this.#record({ head, key, arrivedNs, fault });
    if (overlaps) record.violations.push('no-overlap');
    return new ExchangeCall({ head, record, key, fault, lane: { overlaps, othersOfAccount } });
  }

  receiveBody(call: ExchangeCall, body: ReceivedBody, atNs: number): void {
    const isNextEvent = this.#lastEventNs === call.record.arrivedNs;
    const committedNs = this.#stamp(atNs);
    if (!isNextEvent) call.record.committedNs = committedNs;
    const atMs = this.#wallMs(committedNs);
    call.rejection = readBody(call, body);
    if (call.rejection !== null || isBarred(call)) return;
    call.rejection = admit(call, { settings: this.#settings, limits: this.#parts.limits, atMs });
  }

  repeat(first: ExchangeCall, fault: Fault, atNs: number): ExchangeCall {
    const arrivedNs = this.#stamp(atNs);
    const { head, key } = first;
    this.#callsInService += 1;
    const record = this.#record({ head, key, arrivedNs, fault });
    record.duplicateOf = first.record.seq;
    const second = new ExchangeCall({ head, record, key, fault, duplicateOf: first });
    this.receiveBody(second, first.bytes, atNs);
    return second;
  }

  finish(call: ExchangeCall, atNs: number): ExchangeReply {
    if (call.reply !== null) return call.reply;
    const departedNs = this.#stamp(atNs);
    const reply = conclude(call, this.#answer(call, departedNs), departedNs);
    call.reply = dated(reply, this.#wallMs(departedNs));
    this.#parts.deliveries.onDecided(call, call.reply);
    if (call.fault !== null && !call.isStruck) this.#faults?.giveBack(call.fault);
    this.#leaveLane(call);
    if (call.fault?.kind === 'duplicate-second-reply') this.#release(call.duplicateOf, departedNs);
    this.#callsInService -= 1;
    this.#journal.conclude();
    return call.reply;
  }

  delivered(reply: ExchangeReply, isWhole: boolean): void {
    this.#parts.deliveries.onDelivered(reply, isWhole);
  }

  publicCall(head: RequestHead, atNs: number): ExchangeReply {
    this.#publicCalls++;
    const atMs = this.#wallMs(this.#stamp(atNs));
    const isClosed = this.#faults?.isUnderMaintenance(atMs) ?? false;
    const { error, result } = isClosed
      ? maintenanceReply(head, atMs)
      : this.#parts.backend.answerPublic(head, atMs);
    return dated(jsonReply({ error, result }), atMs);
  }

  /** The client reads another reply to a call that is still in service. */
  #release(call: ExchangeCall | null, repliedNs: number): void {
    if (call === null || call.reply !== null) return;
    call.record.repliedNs = repliedNs;
    this.#leaveLane(call);
  }

  #leaveLane(call: ExchangeCall): void {
    if (!call.isInLane) return;
    call.isInLane = false;
    this.#lanes.leave(apiKeyOf(call.head));
    this.#accountLanes.leave(call.key?.account ?? '');
  }

  #record(arrival: ArrivalFacts): DraftRecord {
    const record = draftRecord(this.#journal.count + 1, arrival);
    this.#journal.add(record);
    return record;
  }

  #open(account: NewAccount): void {
    const createdMs = this.#wallMs(Math.max(0, this.#lastEventNs));
    this.#parts.backend.openAccount(account.account, account.balances);
    this.#parts.keys.set(account.apiKey, new ApiKey(account, createdMs));
  }

  #answer(call: ExchangeCall, atNs: number): Answer {
    if (call.body === null) call.rejection ??= rejectBody('incomplete');
    if (call.rejection !== null) return rejectionAnswer(call.rejection);
    if (call.fault !== null && isBarred(call)) return faultAnswer(call.fault);
    const reply = this.#parts.backend.answer(call, this.#wallMs(atNs));
    // Already done, unless the option says that only success uses a nonce up.
    if (!reply.error.some(isFatal) && call.nonce !== null) call.key?.nonces.commit(call.nonce);
    return { ...reply, status: 200 };
  }

  /** Moves a time after every event before it. */
  #stamp(atNs: number): number {
    this.#lastEventNs = Math.max(Math.floor(atNs), this.#lastEventNs + 1);
    return this.#lastEventNs;
  }

  #wallMs(atNs: number): number {
    return this.#settings.wallMsAtStart + atNs / 1e6;
  }
}

/** Whether a fault stands between a call and its admission. */
function isBarred({ fault }: ExchangeCall): boolean {
  return fault !== null && stageOf(fault.kind) === 'before-apply';
}

function scriptOf(plan: FaultPlan | null): FaultScript | null {
  return plan === null ? null : new FaultScript(plan);
}

function resetRefused(calls: number): ExchangeError {
  const observed = calls === 1 ? '1 call is in service' : `${calls} calls are in service`;
  return new ExchangeError(
    'calls_in_service',
    `Failed to reset the exchange: ${observed}. Let the clients finish first.`,
  );
}

const NO_FRESH_VENUE =
  'Failed to reset the exchange: its venue was handed in ready. Hand in a function that creates one.';
