import type { LaneScope } from '../coordinator.ts';
import type { LaneGate } from '../lane-gate.ts';
import type { Runtime, TimerHandle } from '../../runtime.ts';
import { SharedCoordinator } from '../shared-coordinator.ts';
import { systemRuntime } from '../../system.ts';
import { openConnection } from './connection.ts';
import { namesIn } from './names.ts';
import { LOOKING } from './lane-protocol.ts';
import type { Names } from './names.ts';
import {
  PostgresClosedError,
  PostgresOptionError,
  PostgresRefusedError,
  PostgresUnreachableError,
  transactionPooling,
} from './postgres-errors.ts';
import { PostgresLane } from './postgres-lane.ts';
import type { PlacedTicket } from './postgres-lane.ts';
import { PostgresSession } from './session.ts';

/** What {@link createPostgresCoordinator} takes. */
export interface PostgresCoordinatorOptions {
  /** As PostgreSQL knows it: `postgres://user@host:5432/database`. One host; the primary, or a pool in session mode. */
  readonly url: string;
  /** Where `createPostgresSchema` was called. Default `nonceproof`. */
  readonly schema?: string | undefined;
  /** Must be that of the schema. Default `global`: one lane for all accounts. */
  readonly scope?: LaneScope | undefined;
  /**
   * How long the exchange may still be at work on a call after its process was cut off from the lane, in
   * milliseconds. Default 10,000, as `settlingMs` of the client; must not be shorter than that. All processes
   * should have the same; the longer one of two counts.
   */
  readonly settlingMs?: number | undefined;
  /** How long callers wait for a database that cannot be reached, in milliseconds. Default 30,000. */
  readonly unreachableMs?: number | undefined;
  /** Most callers of this process that wait in one lane. Default 10,000. */
  readonly waitersMax?: number | undefined;
  /** Default: the real clock and timers. */
  readonly runtime?: Runtime | undefined;
}

/** The options, complete. */
interface Settings {
  readonly url: string;
  readonly schema: string;
  readonly scope: LaneScope;
  readonly settlingMs: number;
  readonly unreachableMs: number;
  readonly waitersMax: number;
  readonly runtime: Runtime;
}

/**
 * How often a process that waits looks by itself, in milliseconds. For what nobody tells it: that another
 * process died. Every regular turn is told at once.
 */
const LOOK_MS = 500;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 2_000;

/**
 * One lane for several processes and hosts: a lock of a PostgreSQL session, a queue, and the highest nonce in a
 * table. Connects when the first turn is asked for, and again whenever the connection is lost; keeps the process
 * alive until it is closed.
 */
export class PostgresCoordinator extends SharedCoordinator {
  readonly #options: Settings;
  readonly #names: Names;
  readonly #lanes: Map<string, PostgresLane>;
  #session: PostgresSession | undefined;
  #isConnecting = false;
  #isPlacing = false;
  #isClosed = false;
  #lookTimer: TimerHandle;
  /** The server that was seen last, and since when. */
  #server: { readonly started: string; readonly sinceMs: number } | undefined;

  constructor(given: PostgresCoordinatorOptions) {
    const options = complete(given);
    const lanes = new Map<string, PostgresLane>();
    super({
      runtime: options.runtime,
      scope: options.scope,
      waitersMax: options.waitersMax,
      gateOf: (name) => this.#gateOf(name),
    });
    this.#options = options;
    this.#names = namesIn(options.schema);
    this.#lanes = lanes;
  }

  /** How many callers of this process have asked for a turn, and have no place in the queue yet. */
  get unplaced(): number {
    return [...this.#lanes.values()].reduce((count, lane) => count + lane.unplaced, 0);
  }

  /**
   * Lets nobody wait any longer, and ends the connection once every turn under way has left the lane.
   * Afterwards turns are refused with {@link PostgresClosedError}.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const lane of this.#lanes.values()) lane.refuseAll(new PostgresClosedError());
    const isHeld = (): boolean => [...this.#lanes.values()].some((lane) => lane.isHeldHere);
    while (this.#session !== undefined && isHeld()) await this.#sleep(RETRY_FIRST_MS);
    // Statements run in order: after this one, the lanes have been left.
    await this.#session?.run('SELECT 1').catch(() => undefined);
    this.#session?.close();
    this.#options.runtime.timers.clearTimeout(this.#lookTimer);
  }

  #gateOf(name: string): LaneGate {
    const { runtime, settlingMs } = this.#options;
    const lane = new PostgresLane({
      lane: name,
      names: this.#names,
      runtime,
      settlingMs,
      onAsked: () => this.#asked(),
      serverKnownForMs: () => runtime.clock.monotonicMs() - (this.#server?.sinceMs ?? Infinity),
    });
    this.#lanes.set(name, lane);
    if (this.#session !== undefined) lane.attach(this.#session);
    return lane;
  }

  /** Callers of one moment get their tickets together. */
  #asked(): void {
    if (this.#isClosed) {
      queueMicrotask(() => this.#refuseAll(new PostgresClosedError()));
    } else if (this.#session === undefined) {
      void this.#connect();
    } else {
      queueMicrotask(() => void this.#place());
    }
    this.#setLookTimer();
  }

  async #place(): Promise<void> {
    const session = this.#session;
    if (this.#isPlacing || session === undefined) return;
    const asked = [...this.#lanes].flatMap(([name, lane]) =>
      Array.from({ length: lane.unplaced }, () => name),
    );
    if (asked.length === 0) return;
    this.#isPlacing = true;
    const rows = await session
      .run(session.statements.takeTickets, [session.session, JSON.stringify(asked)])
      .catch(() => []);
    this.#isPlacing = false;
    if (this.#session !== session) return;
    if (rows.length !== asked.length) return session.drop(transactionPooling());
    for (const [name, lane] of this.#lanes) {
      const taken = rows.filter((row) => row['lane'] === name);
      if (taken.length > 0) lane.place(taken.map((row) => String(row['ticket'])));
    }
    await this.#place();
  }

  /** Until it succeeds, nobody waits any more, or everybody has waited long enough. */
  async #connect(): Promise<void> {
    if (this.#isConnecting) return;
    this.#isConnecting = true;
    const sinceMs = this.#nowMs();
    for (let failures = 0; this.#isWaitedFor(); failures += 1) {
      try {
        this.#begin(await this.#openSession());
        break;
      } catch (error) {
        const unreachableMs = Math.round(this.#nowMs() - sinceMs);
        if (error instanceof PostgresRefusedError) this.#refuseAll(error);
        else if (unreachableMs >= this.#options.unreachableMs)
          this.#refuseAll(new PostgresUnreachableError(unreachableMs, error));
        else await this.#sleep(Math.min(RETRY_FIRST_MS * 2 ** failures, RETRY_MAX_MS));
      }
    }
    this.#isConnecting = false;
  }

  #openSession(): Promise<PostgresSession> {
    const { runtime, scope, settlingMs, url } = this.#options;
    return PostgresSession.open({
      open: (events) => openConnection({ url, ...events }),
      names: this.#names,
      scope,
      runtime,
      answerTimeoutMs: settlingMs / 2,
      onWake: (lane) => this.#lanes.get(lane)?.enter(),
      onLost: (reason) => this.#lost(reason),
    });
  }

  #begin(session: PostgresSession): void {
    this.#session = session;
    if (this.#server?.started !== session.server) {
      this.#server = { started: session.server, sinceMs: this.#nowMs() };
    }
    for (const lane of this.#lanes.values()) lane.attach(session);
    const kept = [...this.#lanes.values()].flatMap((lane) => lane.tickets());
    this.#say(session, 'retakeTickets', kept);
    this.#isPlacing = false;
    void this.#place();
    for (const lane of this.#lanes.values()) lane.enter();
  }

  #say(session: PostgresSession, name: (typeof LOOKING)[number], tickets: readonly PlacedTicket[]): void {
    const params = name === 'retakeTickets' ? [session.session, JSON.stringify(tickets)] : [];
    session.run(session.statements[name], params).catch(() => undefined);
  }

  #lost(reason: Error): void {
    this.#session = undefined;
    for (const lane of this.#lanes.values()) lane.detach(reason);
    if (reason instanceof PostgresRefusedError) this.#refuseAll(reason);
    if (this.#isWaitedFor()) void this.#connect();
  }

  #isWaitedFor(): boolean {
    return [...this.#lanes.values()].some((lane) => lane.isWaitedFor);
  }

  #refuseAll(reason: Error): void {
    for (const lane of this.#lanes.values()) lane.refuseAll(reason);
  }

  #setLookTimer(): void {
    this.#lookTimer ??= this.#options.runtime.timers.setTimeout(() => {
      this.#lookTimer = undefined;
      this.#look();
      if (this.#isWaitedFor()) this.#setLookTimer();
    }, LOOK_MS);
  }

  #look(): void {
    const session = this.#session;
    if (session === undefined) return;
    const lanes = [...this.#lanes.values()].filter((lane) => lane.isWaitedFor);
    const tickets = lanes.flatMap((lane) => lane.front());
    for (const name of LOOKING) this.#say(session, name, tickets);
    for (const lane of lanes) lane.enter();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#options.runtime.timers.setTimeout(resolve, ms));
  }

  #nowMs(): number {
    return this.#options.runtime.clock.monotonicMs();
  }
}

/**
 * Makes a coordinator over PostgreSQL. Nothing is connected before the first turn.
 * @throws {PostgresOptionError} when an option makes no sense
 */
export function createPostgresCoordinator(options: PostgresCoordinatorOptions): PostgresCoordinator {
  return new PostgresCoordinator(options);
}

function complete(options: PostgresCoordinatorOptions): Settings {
  const { url, settlingMs = 10_000, unreachableMs = 30_000 } = options;
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new PostgresOptionError(
      'url',
      'is no PostgreSQL address',
      'Give one such as postgres://user@host/db.',
    );
  }
  if (!(settlingMs > 0 && settlingMs <= 2_147_483_647)) {
    throw new PostgresOptionError('settlingMs', `is ${settlingMs}`, 'Give milliseconds above 0.');
  }
  return {
    url,
    settlingMs: Math.ceil(settlingMs),
    unreachableMs,
    schema: options.schema ?? 'nonceproof',
    scope: options.scope ?? 'global',
    waitersMax: options.waitersMax ?? 10_000,
    runtime: options.runtime ?? systemRuntime,
  };
}
