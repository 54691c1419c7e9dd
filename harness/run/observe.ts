import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockKraken, systemWorld } from '../../mock-kraken/index.ts';
import type { JournalRecord, MockKraken } from '../../mock-kraken/index.ts';
import type { LaneScope } from '../../src/index.ts';
import { readClientFile } from '../history/index.ts';
import type { ClientCall } from '../history/index.ts';
import type { TargetExit } from '../rules/rule.ts';
import { environmentVariables } from '../target/environment.ts';
import { hostMonotonicMs } from '../system.ts';
import { launch } from '../target/launch.ts';
import { MODULE_UNUSABLE_STATUS } from '../target/runner-settings.ts';
import { UsageError } from '../usage-error.ts';
import { commandOf } from './target.ts';
import type { Target } from './target.ts';

/** How a run over sockets is set up; complete. */
export interface RunSettings {
  readonly users: number;
  readonly callsPerAccount: number;
  readonly scope: LaneScope;
  readonly serviceMs: number;
  readonly arrivalJitterMs: number;
  readonly processes: number;
  readonly seed: number;
  readonly timeoutMs: number;
  /** Of the clock handed to a client module. */
  readonly clock: 'honest' | 'steps';
}

/** What a run needs from around it. */
export interface RunSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Ends the run early. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the run's progress now and then. */
  readonly onProgress?: ((callsSoFar: number) => void) | undefined;
}

/** What was observed in one run: everything the judge needs, and the target's own words. */
export interface Observation {
  readonly accounts: readonly string[];
  readonly journal: readonly JournalRecord[];
  readonly publicCalls: number;
  /** `null` for a foreign command: only the runner of client modules keeps such a record. */
  readonly clientCalls: readonly ClientCall[] | null;
  /** What to add to a client call's milliseconds to get milliseconds since the exchange started. */
  readonly clockOffsetMs: number;
  readonly exit: TargetExit;
  readonly elapsedMs: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How often progress is told. */
const PROGRESS_MS = 100;

/**
 * Runs a target against a fresh mock Kraken on loopback and observes it. What the run needs on disk is in a
 * folder of its own, which only this user can read, and which is gone afterwards.
 */
export async function observeRun(
  target: Target,
  settings: RunSettings,
  surroundings: RunSurroundings,
): Promise<Observation> {
  const folder = await mkdtemp(join(tmpdir(), `nonceproof-${process.pid}-`));
  try {
    return await observeIn(folder, { target, settings, surroundings });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function observeIn(
  folder: string,
  run: Pick<RunParts, 'target' | 'settings' | 'surroundings'>,
): Promise<Observation> {
  const { settings, surroundings } = run;
  const world = systemWorld();
  const clockOffsetMs = world.nowNs() / 1e6 - hostMonotonicMs();
  const mock = await startMockKraken({
    world,
    users: settings.users,
    seed: settings.seed,
    scope: settings.scope,
    serviceTime: settings.serviceMs,
    arrivalJitterMs: settings.arrivalJitterMs,
  });
  const progress = setInterval(() => surroundings.onProgress?.(mock.journal().length), PROGRESS_MS);
  try {
    return await new Run({ ...run, folder, mock, clockOffsetMs }).observe();
  } finally {
    clearInterval(progress);
    await mock.close();
  }
}

interface RunParts {
  readonly target: Target;
  readonly settings: RunSettings;
  readonly surroundings: RunSurroundings;
  readonly folder: string;
  readonly mock: MockKraken;
  readonly clockOffsetMs: number;
}

class Run {
  readonly #parts: RunParts;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  async observe(): Promise<Observation> {
    const { mock, settings, clockOffsetMs } = this.#parts;
    const startedAtMs = hostMonotonicMs();
    await writeFile(this.#file('accounts.json'), JSON.stringify(mock.accounts), { mode: 0o600 });
    const indices = Array.from({ length: settings.processes }, (_, index) => index);
    const exits = await Promise.all(indices.map((index) => this.#runProcess(index)));
    const elapsedMs = hostMonotonicMs() - startedAtMs;
    await this.#refuseUnusableModule(exits);
    // Calls that the target left behind are in service until the exchange has decided them.
    await mock.close();
    return {
      accounts: mock.accounts.map(({ account }) => account),
      journal: mock.journal(),
      publicCalls: mock.exchange.publicCalls,
      clientCalls: await this.#clientCalls(indices),
      clockOffsetMs,
      exit: worstOf(exits),
      elapsedMs,
      stdout: await this.#text(indices, 'stdout'),
      stderr: await this.#text(indices, 'stderr'),
    };
  }

  #runProcess(index: number): Promise<TargetExit> {
    const { target, settings, surroundings, mock } = this.#parts;
    const contract = environmentVariables({
      baseUrl: mock.url,
      accounts: mock.accounts,
      accountsFile: this.#file('accounts.json'),
      callsPerAccount: settings.callsPerAccount,
      seed: settings.seed,
      processIndex: index,
    });
    const command = commandOf(target, { settings, clientLog: this.#file(`client-${index}.ndjson`) });
    return launch({
      ...command,
      env: { ...surroundings.env, ...contract, ...command.env },
      cwd: surroundings.cwd,
      timeoutMs: settings.timeoutMs,
      stdoutFile: this.#file(`stdout-${index}`),
      stderrFile: this.#file(`stderr-${index}`),
      signal: surroundings.signal,
    });
  }

  /** A client module that cannot be loaded is the user's mistake, and no verdict on any client. */
  async #refuseUnusableModule(exits: readonly TargetExit[]): Promise<void> {
    const { target } = this.#parts;
    if (target.kind !== 'module' || !exits.some(({ status }) => status === MODULE_UNUSABLE_STATUS)) return;
    throw new UsageError((await this.#text([0], 'stderr')).trim());
  }

  #file(name: string): string {
    return join(this.#parts.folder, name);
  }

  async #clientCalls(indices: readonly number[]): Promise<readonly ClientCall[] | null> {
    if (this.#parts.target.kind === 'command') return null;
    const readings = await Promise.all(
      indices.map((index) => readClientLog(this.#file(`client-${index}.ndjson`))),
    );
    return readings.flat().sort((a, b) => a.askedMs - b.askedMs);
  }

  async #text(indices: readonly number[], stream: 'stdout' | 'stderr'): Promise<string> {
    const texts = await Promise.all(indices.map((index) => readIfThere(this.#file(`${stream}-${index}`))));
    return texts.join('');
  }
}

/** A target that is killed may leave half a line behind: its last call, which settled for nobody. */
async function readClientLog(file: string): Promise<readonly ClientCall[]> {
  if (!existsSync(file)) return [];
  return (await readClientFile(createReadStream(file))).calls;
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/** The exit that says most: a time limit before a signal, a signal before a status, a bad one before 0. */
function worstOf(exits: readonly TargetExit[]): TargetExit {
  const badness = ({ timedOut, signal, status }: TargetExit): number =>
    timedOut ? 3 : signal !== null ? 2 : status !== 0 ? 1 : 0;
  return exits.reduce((worst, exit) => (badness(exit) > badness(worst) ? exit : worst));
}
