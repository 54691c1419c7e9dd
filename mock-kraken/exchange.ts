import { admit } from './admission.ts';
import { ApiKey, type KeySettings } from './api-key.ts';
import { Backend } from './backend.ts';
import { ExchangeCall, type Rejection } from './call.ts';
import type { Credentials } from './credentials.ts';
import { draftRecord, type DraftRecord } from './draft-record.ts';
import { parseExchangeOptions, type ExchangeOptions, type ExchangeSettings } from './exchange-options.ts';
import type { JournalRecord } from './journal.ts';
import { Lanes } from './lanes.ts';
import { Limits } from './limits/limits.ts';
import { readBody, rejectBody, type ReceivedBody } from './read-body.ts';
import { jsonReply, type ExchangeReply } from './reply.ts';
import { apiKeyOf, type RequestHead } from './request-head.ts';
import type { EndpointReply } from './venue.ts';

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
  /** Every private call so far, in the order of arrival. A live view; a record is final once it has `departedNs`. */
  readonly journal: readonly JournalRecord[];
  /** How many public calls were answered; they are never in service. */
  readonly publicCalls: number;
  /** Opens an account with its first API key, or gives an account another key. */
  addAccount(account: NewAccount): void;
  /** The head of a private request has arrived: the call is in service. */
  begin(head: RequestHead, atNs: number): ExchangeCall;
  /** The body is complete, or never will be: the call is admitted or rejected, and its nonce is committed. */
  receiveBody(call: ExchangeCall, body: ReceivedBody, atNs: number): void;
  /**
   * Ends the service; an admitted call takes effect now. A call whose body never came counts as incomplete.
   * Asked again, it gives the same reply again.
   */
  finish(call: ExchangeCall, atNs: number): ExchangeReply;
  /** Answers `GET /0/public/…`. */
  publicCall(head: RequestHead, atNs: number): ExchangeReply;
}

/** Creates an exchange without accounts. Cheap: what is expensive is built when it is first needed. */
export function createExchange(options: ExchangeOptions = {}): Exchange {
  return new SansIoExchange(parseExchangeOptions(options));
}

class SansIoExchange implements Exchange {
  readonly #settings: ExchangeSettings;
  readonly #limits: Limits | null;
  readonly #backend: Backend;
  readonly #keys = new Map<string, ApiKey>();
  readonly #lanes: Lanes;
  readonly #accountLanes = new Lanes('key');
  readonly #journal: DraftRecord[] = [];
  /** The time of the last event; only grows. */
  #lastEventNs = -1;
  #publicCalls = 0;

  constructor(settings: ExchangeSettings) {
    this.#settings = settings;
    this.#limits = settings.limits === null ? null : new Limits(settings.limits);
    this.#backend = new Backend(settings, this.#limits);
    this.#lanes = new Lanes(settings.scope);
  }

  get journal(): readonly JournalRecord[] {
    return this.#journal;
  }

  get publicCalls(): number {
    return this.#publicCalls;
  }

  addAccount(account: NewAccount): void {
    const createdMs = this.#wallMs(Math.max(0, this.#lastEventNs));
    this.#keys.set(account.apiKey, new ApiKey(account, createdMs));
    this.#backend.openAccount(account.account, account.balances);
  }

  begin(head: RequestHead, atNs: number): ExchangeCall {
    const arrivedNs = this.#stamp(atNs);
    const apiKey = apiKeyOf(head);
    const key = this.#keys.get(apiKey) ?? null;
    const overlaps = this.#lanes.enter(apiKey) > 0;
    const othersOfAccount = this.#accountLanes.enter(key?.account ?? '');
    const record = draftRecord({ seq: this.#journal.length + 1, head, key, arrivedNs });
    if (overlaps) record.violations.push('no-overlap');
    this.#journal.push(record);
    return new ExchangeCall({ head, record, key, overlaps, othersOfAccount });
  }

  receiveBody(call: ExchangeCall, body: ReceivedBody, atNs: number): void {
    const atMs = this.#wallMs(this.#stamp(atNs));
    const context = { settings: this.#settings, limits: this.#limits, atMs };
    call.rejection = readBody(call, body) ?? admit(call, context);
  }

  finish(call: ExchangeCall, atNs: number): ExchangeReply {
    if (call.reply !== null) return call.reply;
    const departedNs = this.#stamp(atNs);
    if (call.body === null) call.rejection ??= rejectBody('incomplete');
    const answer = call.rejection === null ? this.#answer(call, departedNs) : rejected(call.rejection);
    call.reply = conclude(call, answer, departedNs);
    this.#lanes.leave(apiKeyOf(call.head));
    this.#accountLanes.leave(call.key?.account ?? '');
    return call.reply;
  }

  publicCall(head: RequestHead, atNs: number): ExchangeReply {
    this.#publicCalls++;
    const { error, result } = this.#backend.answerPublic(head, this.#wallMs(this.#stamp(atNs)));
    return jsonReply({ error, result });
  }

  #answer(call: ExchangeCall, atNs: number): Answer {
    const reply = this.#backend.answer(call, this.#wallMs(atNs));
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

/** What a call is answered, by its endpoint or before it. */
interface Answer extends EndpointReply {
  readonly status: number;
}

function rejected({ error, status }: Rejection): Answer {
  return { error: [error], effect: null, status };
}

/** Writes the end of a call into its record and its answer into a reply. */
function conclude(call: ExchangeCall, answer: Answer, departedNs: number): ExchangeReply {
  call.record.departedNs = departedNs;
  call.record.error = answer.error[0] ?? null;
  call.record.effect = answer.effect;
  if (answer.error.some(isFatal)) call.record.outcome = 'rejected';
  return jsonReply({ error: answer.error, result: answer.result }, answer.status);
}

/** `W…` strings are warnings and may stand beside a result. Kraken docs, errors guide. */
function isFatal(error: string): boolean {
  return !error.startsWith('W');
}
