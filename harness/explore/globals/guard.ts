import { syncBuiltinESMExports } from 'node:module';
import { ImmediateQueue } from '../world/index.ts';
import { VirtualTime } from '../world/index.ts';
import { patchChanceGlobals } from './chance-globals.ts';
import { patchClockGlobals } from './clock-globals.ts';
import { patchGlobalDispatcher } from './dispatcher-global.ts';
import { patchHostGlobals } from './host-globals.ts';
import { undoAll } from './patch.ts';
import type { Undo } from './patch.ts';
import { UncontrolledError } from './router.ts';
import type { Router } from './router.ts';
import { StorageWatch } from './storage-watch.ts';
import { patchTimerGlobals } from './timer-globals.ts';
import type { PortsOwner, WorldPorts } from '../world/index.ts';

/** Of all explorations of this process: what one leaves behind slows the next. */
const storages = new StorageWatch();

/** The guard that is installed. One at a time: there is one set of globals. */
let active: GlobalsGuard | null = null;

function activate(guard: GlobalsGuard | null): void {
  active = guard;
}

/**
 * Leads to whichever guard is installed when a global is used, not when it was replaced: a module that was loaded
 * during one exploration keeps the globals that it took then, and must not escape from the next.
 */
const activeRouter: Router = {
  worldFor: (global) => active?.worldFor(global) ?? null,
  refuse: (resource) => active?.refuse(resource),
  awaitRealWork: (work) => active?.awaitRealWork(work),
};

/**
 * Stands between clients and the globals of the process for as long as an exploration lasts: timers, clocks,
 * chance and `fetch` lead into the world of the client that runs now, sockets and processes are refused and
 * named.
 *
 * Globals do not say which world's code calls them. With one world at a time (`exclusive`) that is known; with
 * many side by side it is not, so the first use of a global is only noted, and the exploration has to begin
 * anew with one at a time. Clients that keep to what the world hands them never come to that.
 */
export class GlobalsGuard implements Router {
  readonly isExclusive: boolean;
  /** Globals that clients used. */
  readonly used: Set<string> = new Set();
  /** What was refused, by name. */
  readonly refused: Set<string> = new Set();
  /** What kept the process alive before the guard was installed, by kind. */
  #resourcesBefore: ReadonlyMap<string, number> = new Map();
  #current: PortsOwner | null = null;
  #realWork = 0;
  #undo: Undo | null = null;

  constructor(options: { readonly isExclusive: boolean }) {
    this.isExclusive = options.isExclusive;
  }

  /** Nothing that was run since the guard was installed can be trusted: worlds were mixed up. */
  get isMixedUp(): boolean {
    return !this.isExclusive && (this.used.size > 0 || this.refused.size > 0);
  }

  /** A client waits for work on another thread. */
  get isBusy(): boolean {
    return this.#realWork > 0;
  }

  install(): void {
    if (active !== null) throw new TypeError('A GlobalsGuard is installed already.');
    activate(this);
    this.#resourcesBefore = activeResources();
    const patches = [
      patchTimerGlobals,
      patchClockGlobals,
      patchChanceGlobals,
      patchHostGlobals,
      patchGlobalDispatcher,
    ];
    this.#undo = undoAll([
      ...patches.map((patch) => patch(activeRouter)),
      this.#watchRejections(),
      storages.install(() => this.#current !== null),
    ]);
    syncBuiltinESMExports();
  }

  /** Puts everything back; without effect the second time. */
  uninstall(): void {
    if (this.#undo === null) return;
    this.#undo();
    this.#undo = null;
    syncBuiltinESMExports();
    activate(null);
  }

  /** Kinds of what keeps the process alive now and did not before: timers, sockets and files of the host. */
  strayResources(): readonly string[] {
    const before = this.#resourcesBefore;
    return [...activeResources()].filter(([kind, n]) => n > (before.get(kind) ?? 0)).map(([kind]) => kind);
  }

  /** Code of this client runs from now on. */
  enter(owner: PortsOwner): void {
    this.#current = owner;
  }

  /** No client's code runs any more. */
  leave(): void {
    this.#current = null;
  }

  /** All worlds are over. */
  sweep(): void {
    this.leave();
    storages.sweep();
  }

  worldFor(global: string): WorldPorts | null {
    if (this.#current === null) return null;
    this.used.add(global);
    return this.isExclusive ? this.#current.ports : nowhere();
  }

  refuse(resource: string): void {
    if (this.#current === null) return;
    this.refused.add(resource);
    throw new UncontrolledError(resource);
  }

  awaitRealWork(work: Promise<unknown>): void {
    if (this.#current === null) return;
    this.used.add('crypto.subtle');
    this.#realWork += 1;
    const done = (): void => void (this.#realWork -= 1);
    work.then(done, done);
  }

  /** A rejection that nobody handles ends a process; here it ends the run of the client whose it is. */
  #watchRejections(): Undo {
    const others = process.listeners('unhandledRejection');
    const onRejection = (error: unknown): void => {
      if (this.#current === null) throw error;
      this.used.add('an unhandled rejection');
      if (this.isExclusive) this.#current.ports.crash(error);
    };
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', onRejection);
    return () => {
      process.removeListener('unhandledRejection', onRejection);
      for (const listener of others) process.on('unhandledRejection', listener);
    };
  }
}

/** Of what this process itself does all the time nothing can be said: writing to its output, its own barrier. */
const OWN_RESOURCES: ReadonlySet<string> = new Set(['Immediate', 'TTYWrap', 'PipeWrap', 'MessagePort']);

function activeResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!OWN_RESOURCES.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Where the globals lead when nobody knows whose they are. What happens there is thrown away. */
function nowhere(): WorldPorts {
  const time = new VirtualTime(0);
  return {
    clock: time,
    timers: time,
    immediates: new ImmediateQueue(),
    transport: () => new Promise(() => undefined),
    random: () => 0,
    crash: () => undefined,
  };
}
