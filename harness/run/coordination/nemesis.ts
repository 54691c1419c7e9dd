import { createRandom } from '../../random.ts';

/**
 * What can be done to the processes that share a lane, and to what it stands on.
 *
 * - `kill`: a process is killed. Once a run, and never the last one.
 * - `stop`: a process is stopped (SIGSTOP) and goes on later.
 * - `cut`: a process's connection to the database breaks.
 * - `stall`: a process's way to the database is silent for a while.
 * - `restart`: the database server is started again; every other time it crashed.
 * - `skew`: the processes' clocks differ by minutes, from the start.
 */
export const NEMESIS_KINDS = ['kill', 'stop', 'cut', 'stall', 'restart', 'skew'] as const;

export type NemesisKind = (typeof NEMESIS_KINDS)[number];

/** What the nemesis has in its hands. */
export interface NemesisGrip {
  readonly processes: number;
  /** Calls that the exchange has seen, and how many it will see if nobody is killed. */
  callsSoFar(): number;
  readonly callsExpected: number;
  signal(process: number, signal: NodeJS.Signals): void;
  cut(process: number): void;
  stall(process: number): void;
  resume(process: number): void;
  restartServer(crash: boolean): Promise<void>;
}

/** What it did. */
export interface NemesisRecord {
  /** Kinds that struck while calls were pending. */
  readonly struck: readonly NemesisKind[];
  /** Processes that it killed: their unsettled calls and their exit are its doing. */
  readonly killed: readonly number[];
}

/** Strikes of one kind in a run, `kill` and `skew` aside. */
const STRIKES_OF_A_KIND = 2;
/** Strikes come while this part of the calls is made. */
const BETWEEN = { first: 0.08, last: 0.7 };
/** How long a process stays stopped, or its way silent, in milliseconds: shorter and longer than the settling time. */
const PAUSE_MS = { min: 100, max: 2_800 };
/** A strike comes so long after the call that called for it, at most: to hit every moment of a turn. */
const LAG_MS_MAX = 30;
/** While a pause keeps the calls from coming, the next strike does not wait for them longer than this. */
const IMPATIENCE_MS = 1_000;
const POLL_MS = 5;

/**
 * Strikes at random moments, seeded, while a run goes on. Moments are counted in calls, so that they fall alike
 * on fast and on slow machines.
 */
export class Nemesis {
  readonly #kinds: readonly NemesisKind[];
  readonly #grip: NemesisGrip;
  readonly #random: () => number;
  readonly #struck = new Set<NemesisKind>();
  readonly #killed = new Set<number>();
  readonly #pauses = new Set<Promise<void>>();
  #restarts = 0;
  #isOver = false;
  #done: Promise<void> | undefined;

  constructor(kinds: readonly NemesisKind[], grip: NemesisGrip, seed: number) {
    this.#kinds = kinds;
    this.#grip = grip;
    this.#random = createRandom(seed);
  }

  start(): void {
    this.#done = this.#strikeAll();
  }

  /** Ends it, and lets every process that it stopped go on. */
  async stop(): Promise<NemesisRecord> {
    this.#isOver = true;
    await this.#done;
    await Promise.all(this.#pauses);
    if (this.#kinds.includes('skew') && this.#grip.callsSoFar() > 0) this.#struck.add('skew');
    return { struck: [...this.#struck], killed: [...this.#killed] };
  }

  async #strikeAll(): Promise<void> {
    const strikes = this.#plan();
    const moments = strikes.map(() => BETWEEN.first + this.#random() * (BETWEEN.last - BETWEEN.first));
    moments.sort((a, b) => a - b);
    for (const [index, kind] of strikes.entries()) {
      await this.#momentCame((moments[index] ?? 0) * this.#callsCertain());
      await sleep(this.#random() * LAG_MS_MAX);
      if (this.#isOver) return;
      await this.#strike(kind);
    }
  }

  #plan(): readonly NemesisKind[] {
    const strikes = this.#kinds.flatMap((kind) => {
      if (kind === 'skew') return [];
      return Array.from({ length: kind === 'kill' ? 1 : STRIKES_OF_A_KIND }, () => kind);
    });
    for (let i = strikes.length - 1; i > 0; i -= 1) {
      const j = Math.floor(this.#random() * (i + 1));
      const [a, b] = [strikes[i], strikes[j]];
      if (a !== undefined && b !== undefined) [strikes[i], strikes[j]] = [b, a];
    }
    return strikes;
  }

  /** However early one process is killed. */
  #callsCertain(): number {
    const { callsExpected, processes } = this.#grip;
    return this.#kinds.includes('kill') ? (callsExpected * (processes - 1)) / processes : callsExpected;
  }

  async #momentCame(calls: number): Promise<void> {
    let waitedMs = 0;
    while (!this.#isOver && this.#grip.callsSoFar() < calls) {
      if (this.#pauses.size > 0 && (waitedMs += POLL_MS) > IMPATIENCE_MS) return;
      await sleep(POLL_MS);
    }
  }

  async #strike(kind: NemesisKind): Promise<void> {
    const victim = this.#victim();
    this.#struck.add(kind);
    switch (kind) {
      case 'kill':
        this.#killed.add(victim);
        return this.#grip.signal(victim, 'SIGKILL');
      case 'stop':
        this.#grip.signal(victim, 'SIGSTOP');
        return this.#later(() => this.#grip.signal(victim, 'SIGCONT'));
      case 'cut':
        return this.#grip.cut(victim);
      case 'stall':
        this.#grip.stall(victim);
        return this.#later(() => this.#grip.resume(victim));
      case 'restart':
        this.#restarts += 1;
        return this.#grip.restartServer(this.#restarts % 2 === 0);
      case 'skew':
        return;
    }
  }

  #victim(): number {
    const alive = Array.from({ length: this.#grip.processes }, (_, index) => index).filter(
      (index) => !this.#killed.has(index),
    );
    return alive[Math.floor(this.#random() * alive.length)] ?? 0;
  }

  /** Ends a pause after a while, while the next strikes go on. */
  #later(end: () => void): void {
    const pause = sleep(PAUSE_MS.min + this.#random() * (PAUSE_MS.max - PAUSE_MS.min)).then(() => {
      this.#pauses.delete(pause);
      end();
    });
    this.#pauses.add(pause);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
