import type { JournalRecord } from '../../../mock-kraken/index.ts';
import type { ClientCall } from '../../judge/history/index.ts';
import { recordCalls } from '../../run/targets/index.ts';
import type { CreateClient, TargetClient } from '../../run/targets/index.ts';
import type { MakeCall } from '../../run/targets/index.ts';
import type { PortsOwner, WorldPorts } from './world-ports.ts';
import { TOUCHES } from '../engine/index.ts';
import type { Program, Run } from '../engine/index.ts';
import type { ClientHistory, RunEnding } from './client-history.ts';
import type { FaultKind } from './fault-kinds.ts';
import { EventLog } from './event-log.ts';
import { AbortableCalls } from './pending-call.ts';
import { SimulatedWorld } from './simulated-world.ts';
import type { WorldSpec } from './simulated-world.ts';
import { EVENT_TOUCHES, operationId, TIMERS_ACTOR } from './world-operation.ts';
import type { WorldEventKind, WorldOperation } from './world-operation.ts';
import { createWorkload } from './workload.ts';
import type { ArrivalPattern, Workload } from './workload.ts';

/** A client, its workload and its world. */
export interface ClientProgramSpec {
  readonly createClient: CreateClient;
  readonly world: WorldSpec;
  readonly callsPerAccount: number;
  readonly pattern: ArrivalPattern;
  /** See `WorkloadSpec`. */
  readonly isSymmetric: boolean;
  /** Told that code of this world's client runs from now on, until it is told of another. */
  readonly onEnter: (run: ClientRun) => void;
  /** Write down what happens, for a story. */
  readonly isRecorded: boolean;
  /**
   * Host milliseconds for which a run that seems stuck is given the chance that something outside of its world
   * moves it on. 0: none.
   */
  readonly graceMs: number;
  /** Monotonic milliseconds of the host. */
  readonly hostMs: () => number;
}

/**
 * Virtual nanoseconds after which a run counts as stuck in which nothing happens but timers: no request is under
 * way and no call is left to be asked for.
 */
const IDLE_NS_MAX = 60_000_000_000;

/** The record of a call that a fault hit. A reply that was lost to another in its place leaves the call `faulted`. */
function struckBy(record: JournalRecord, fault: FaultKind | undefined): JournalRecord {
  if (fault === undefined) return record;
  return fault === 'duplicate-second-reply' ? { ...record, fault, outcome: 'faulted' } : { ...record, fault };
}

/** Makes a client explorable. */
export function clientProgram(spec: ClientProgramSpec): Program<ClientHistory> {
  return { start: () => new ClientRun(spec) };
}

/** One run of a client in a world of its own. */
export class ClientRun implements Run<ClientHistory>, PortsOwner {
  readonly world: SimulatedWorld;
  readonly #spec: ClientProgramSpec;
  readonly #options: WorldOperation[] = [];
  readonly #calls: ClientCall[] = [];
  readonly #faults: FaultKind[] = [];
  readonly #abortable: AbortableCalls | null;
  readonly #log: EventLog | null;
  #client: TargetClient | null = null;
  #workload: Workload | null = null;
  #ports: WorldPorts | null = null;
  #phase: 'new' | 'running' | 'closing' | 'closed' = 'new';
  #ending: RunEnding | null = null;
  #crash: string | null = null;
  /** When something other than a timer happened last. */
  #activeNs = 0;
  /** Host milliseconds. */
  #stuckSinceMs: number | null = null;

  constructor(spec: ClientProgramSpec) {
    this.#spec = spec;
    this.world = new SimulatedWorld(spec.world, (transit) => this.#log?.onSent(transit));
    const accounts = spec.world.accounts.map(({ account }) => account);
    this.#log = spec.isRecorded ? this.#createLog(accounts) : null;
    this.#abortable = spec.world.faults.kinds.includes('abort') ? new AbortableCalls(accounts) : null;
  }

  /**
   * The client is about to run without an event: a request that it has given up is rejected. Or it waits for
   * something outside of this world: it is still being created (a module is loaded, say), or the run seems stuck
   * and its grace is not over. Whatever comes of that is code of this world's client.
   */
  get isBusy(): boolean {
    if (this.world.network.rejectGivenUp()) return this.#reenter();
    const canWait = this.#client === null ? this.#phase !== 'new' : this.#spec.graceMs > 0;
    if (!canWait || this.#ending !== null || this.options().length > 0) return false;
    const isBusy = this.#client === null ? this.#crash === null : this.#hasGrace();
    return isBusy && this.#reenter();
  }

  /** Code of this world's client is about to run though no event happens. */
  #reenter(): true {
    this.#spec.onEnter(this);
    return true;
  }

  options(): readonly WorldOperation[] {
    const options = this.#options;
    options.length = 0;
    if (this.#ending !== null) return options;
    if (this.#phase === 'new') options.push(this.#event('start', () => this.#start()));
    else if (this.#isOver()) this.#collectClosing(options);
    else this.#collect(options);
    return options;
  }

  take(operation: WorldOperation): void {
    this.#spec.onEnter(this);
    this.#log?.onOperation(operation);
    this.#stuckSinceMs = null;
    if (operation.isFault) this.#faults.push(operation.kind as FaultKind);
    if (operation.kind !== 'timer' && (operation.touches & TOUCHES.client) !== 0) this.world.time.creep();
    try {
      operation.happen();
    } catch (error) {
      this.crash(error);
    }
    if (operation.kind !== 'timer') this.#activeNs = this.world.time.nowNs;
  }

  /** What the globals lead to while code of this client runs. */
  get ports(): WorldPorts {
    const { client, time, immediates } = this.world;
    return (this.#ports ??= {
      clock: client.clock,
      timers: time,
      immediates,
      transport: client.transport,
      random: () => client.random(),
      crash: (error) => this.crash(error),
    });
  }

  /** Ends the run as an error that nobody catches ends a process. */
  crash(error: unknown): void {
    this.#ending ??= 'crashed';
    this.#crash ??= error instanceof Error ? error.message : String(error);
  }

  end(): ClientHistory {
    return {
      records: this.#records(),
      publicCalls: this.world.exchange.publicCalls,
      clientCalls: this.#calls,
      ending: this.#ending ?? 'interrupted',
      crash: this.#crash,
      faults: this.#faults,
      events: this.#log?.events ?? [],
    };
  }

  #isOver(): boolean {
    return this.#workload?.isOver === true && this.world.network.inFlight.length === 0;
  }

  #collect(options: WorldOperation[]): void {
    const { network, immediates } = this.world;
    if (this.#collectOverdue(options)) return;
    network.collect(options);
    this.#workload?.collect(options);
    immediates.collect(options);
    this.#collectTimer(options);
    if (options.length > 0) this.#collectFaults(options);
    else if (this.#client !== null && !this.#hasGrace()) this.#ending = 'stuck';
  }

  #hasGrace(): boolean {
    const { graceMs, hostMs } = this.#spec;
    if (graceMs === 0) return false;
    const nowMs = hostMs();
    this.#stuckSinceMs ??= nowMs;
    return nowMs - this.#stuckSinceMs < graceMs;
  }

  /** Timers that fall due together fire together: nothing comes in between in Node either. */
  #collectOverdue(options: WorldOperation[]): boolean {
    const { time } = this.world;
    const timer = time.next();
    if (timer === undefined || timer.dueNs > time.nowNs) return false;
    return options.push(this.#timerEvent(timer.number)) > 0;
  }

  #collectTimer(options: WorldOperation[]): void {
    const { time, network } = this.world;
    const timer = time.next();
    if (timer === undefined || timer.dueNs > network.earliestDeadlineNs()) return;
    const leadsNowhere = options.length === 0 && timer.dueNs - this.#activeNs > IDLE_NS_MAX;
    if (!leadsNowhere) options.push(this.#timerEvent(timer.number));
  }

  #collectFaults(options: WorldOperation[]): void {
    if (this.#faults.length >= this.#spec.world.faults.faultsMax) return;
    this.world.network.collectFaults(options);
    this.#abortable?.collect(options);
  }

  /** The workload is over: the client is closed, which may itself take events. */
  #collectClosing(options: WorldOperation[]): void {
    const { immediates } = this.world;
    if (this.#phase === 'closed' || this.#client?.close === undefined) this.#ending = 'completed';
    else if (this.#phase === 'running') options.push(this.#event('close', () => this.#close()));
    else {
      immediates.collect(options);
      this.#collectTimer(options);
      if (options.length === 0 && !this.#hasGrace()) this.#ending = 'stuck';
    }
  }

  #start(): void {
    this.#phase = 'running';
    const created = this.#spec.createClient(this.world.client);
    if (created instanceof Promise)
      created.then(
        (client) => this.#begin(client),
        (error: unknown) => this.crash(error),
      );
    else this.#begin(created);
  }

  #begin(client: TargetClient): void {
    this.#client = client;
    const nowMs = (): number => this.world.time.monotonicMs();
    const recorded = recordCalls({ client, nowMs, onCall: (call) => this.#onCall(call) });
    const call: MakeCall = this.#abortable?.wrap(recorded) ?? recorded;
    const { world, callsPerAccount, pattern, isSymmetric } = this.#spec;
    const accounts = world.accounts.map(({ account }) => account);
    this.#workload = createWorkload({ accounts, callsPerAccount, pattern, isSymmetric }, call);
  }

  #close(): void {
    this.#phase = 'closing';
    const closed = this.#client?.close?.() ?? Promise.resolve();
    closed.then(
      () => (this.#phase = 'closed'),
      (error: unknown) => this.crash(error),
    );
  }

  /** Tags are running numbers from 1; the last word on a call is the one that counts. */
  #onCall(call: ClientCall): void {
    this.#log?.onCall(call);
    this.#calls[Number(call.tag) - 1] = call;
  }

  #records(): readonly JournalRecord[] {
    const { faultOf } = this.world.network;
    const { journal } = this.world.exchange;
    if (faultOf.size === 0) return journal;
    return journal.map((record) => struckBy(record, faultOf.get(record.seq)));
  }

  #createLog(accounts: readonly string[]): EventLog {
    const { time, network } = this.world;
    return new EventLog({
      accounts,
      nowNs: () => time.nowNs,
      dueNs: () => time.next()?.dueNs ?? time.nowNs,
      inFlight: () => network.inFlight,
    });
  }

  #timerEvent(number: number): WorldOperation {
    return this.#event('timer', () => this.world.time.fireNext(), number);
  }

  #event(kind: Exclude<WorldEventKind, FaultKind>, happen: () => void, about = 0): WorldOperation {
    const id = operationId(kind, about);
    return {
      kind,
      id,
      subject: -1,
      touches: EVENT_TOUCHES[kind],
      actor: TIMERS_ACTOR,
      isFault: false,
      happen,
    };
  }
}
