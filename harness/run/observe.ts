import { writeFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { startMockKraken, systemWorld } from '../../mock-kraken/index.ts';
import type { JournalRecord, MockKraken } from '../../mock-kraken/index.ts';
import { Nemesis, openCoordination } from './coordination/index.ts';
import type { NemesisRecord, OpenCoordination } from './coordination/index.ts';
import { readClientFile } from '../judge/history/index.ts';
import type { ClientCall } from '../judge/history/index.ts';
import { FakedTime, findFaketime } from './faults/index.ts';
import { slowestServiceMs } from './faults/index.ts';
import type { Interception } from './intercept/index.ts';
import { replaceCredentials } from './intercept/index.ts';
import { createRedactor, environmentCredentials } from '../redaction/index.ts';
import type { Redactor } from '../redaction/index.ts';
import type { Stillness, TargetExit } from '../judge/rules/index.ts';
import { count } from '../format.ts';
import { environmentVariables } from './targets/index.ts';
import { hostMonotonicMs, hostWallMs } from '../system.ts';
import { launch, OUTPUT_BYTES_MAX } from './targets/index.ts';
import { MODULE_UNUSABLE_STATUS } from './targets/index.ts';
import { UsageError } from '../usage-error.ts';
import { planProcesses } from './process-plan.ts';
import type { PlannedProcess } from './process-plan.ts';
import { openOwnFile, readOwnFile } from '../own-file.ts';
import { createRunFolder, RUN_SECRET } from './run-folder.ts';
import type { Removal, RunFolder } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';
import { stillnessAt } from './stillness.ts';
import { Strangers, strangersNote } from './strangers.ts';
import { commandOf, NO_FAULTS } from './target.ts';
import type { Target } from './target.ts';
import { RunWatchdog } from './watchdog.ts';

/** What a run needs from around it. */
export interface RunSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Ends the run early. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the run's progress now and then. */
  readonly onProgress?: ((callsSoFar: number) => void) | undefined;
  /** Called before the target is started; returns what takes each call of the run as soon as it is over. */
  readonly record?: ((run: RunStart) => RunRecorder) | undefined;
}

/** What is known of a run before its target is started. */
export type RunStart = Pick<Observation, 'originMs' | 'redactor'>;

/** Follows a run while it goes on. */
export interface RunRecorder {
  /** Takes a call that is over; calls come in the order of arrival. Whether its reply was lost may turn out later. */
  onCall(call: JournalRecord): void;
  /** The run is over, however it ended. */
  close(): void;
}

/** What was observed in one run: everything the judge needs, and the target's own words. */
export interface Observation {
  readonly accounts: readonly string[];
  readonly journal: readonly JournalRecord[];
  readonly publicCalls: number;
  /** Connections that the fault `refuse` turned away, beside those of the calls that it struck. */
  readonly connectionsRefused: number;
  /** `null` for a foreign command: only the runner of client modules keeps such a record. */
  readonly clientCalls: readonly ClientCall[] | null;
  /** What to add to a client call's milliseconds to get milliseconds since the exchange started. */
  readonly clockOffsetMs: number;
  /** UNIX milliseconds when the exchange started. */
  readonly originMs: number;
  /** Faults of the target's clock that struck while a call was pending; empty when it has none. */
  readonly clockFaults: readonly string[];
  /** What the nemesis did while calls were pending; empty when there is none. */
  readonly struck: readonly string[];
  /** Calls that were left out because no program could be found that sent them. */
  readonly vanishedCalls: number;
  readonly exit: TargetExit;
  readonly elapsedMs: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The last lines on standard error of the process whose `exit` it is. */
  readonly lastWords: readonly string[];
  /** What a reader should know of the target's behaviour that no call shows, in sentences. */
  readonly notes: readonly string[];
  /** Knows every credential of the run; whatever is written of it goes through this. */
  readonly redactor: Redactor;
}

/** How long the lane is kept for a call whose process or thread has died: the client's own default. */
const SETTLING_MS = 10_000;
/** The same where that happens often: far above the slowest service and what a busy machine adds. */
const SETTLING_MS_WITH_NEMESIS = 2_000;

/** How often progress is told. */
const PROGRESS_MS = 100;

/**
 * Runs a target against a fresh mock Kraken on loopback and observes it. What the run needs on disk is in a
 * folder of its own, which only this user can read, and which is gone afterwards; so is whatever the target
 * left running. An interrupt before the target was started means that it never is.
 * @throws {UsageError} when the target cannot be started
 * @throws {Error} when a part of the run does not end within its limits
 */
export async function observeRun(
  target: Target,
  settings: RunOptions,
  surroundings: RunSurroundings,
): Promise<Observation> {
  if (surroundings.signal?.aborted === true) return notStarted(target, settings, surroundings);
  const watchdog = new RunWatchdog({
    timeoutMs: settings.timeoutMs,
    serviceMs: slowestServiceMs(settings.faults ?? NO_FAULTS, settings),
    signal: surroundings.signal,
  });
  const folder = await watchdog.guard(createRunFolder());
  try {
    const observation = await watchdog.guard(observeIn(folder, { target, settings, surroundings, watchdog }));
    watchdog.enter('ending what the target left running');
    const left = await watchdog.guard(folder.remove());
    return { ...observation, notes: [...observation.notes, ...leftBehind(left, folder)] };
  } finally {
    watchdog.stop();
    await folder.remove();
  }
}

/** What there is to observe of a target that an interrupt kept from being started. */
function notStarted({ kind }: Target, { timeoutMs }: RunOptions, { env }: RunSurroundings): Observation {
  return {
    accounts: [],
    journal: [],
    publicCalls: 0,
    connectionsRefused: 0,
    clientCalls: kind === 'command' ? null : [],
    clockOffsetMs: 0,
    originMs: hostWallMs(),
    vanishedCalls: 0,
    clockFaults: [],
    struck: [],
    exit: { status: null, signal: null, endedBy: 'interrupt', timeoutMs },
    elapsedMs: 0,
    stdout: '',
    stderr: '',
    lastWords: [],
    notes: [],
    redactor: createRedactor(environmentCredentials(env)),
  };
}

function leftBehind({ processes, isGone }: Removal, { path }: RunFolder): readonly string[] {
  const notes: string[] = [];
  if (processes > 0)
    notes.push(
      `The target left ${count(processes, 'process', 'processes')} running outside its process group: ended with the run.`,
    );
  if (!isGone)
    notes.push(`The run's folder ${path} could not be removed: the target took the rights from it.`);
  return notes;
}

async function observeIn(
  folder: RunFolder,
  run: Pick<RunParts, 'target' | 'settings' | 'surroundings' | 'watchdog'>,
): Promise<Observation> {
  const { settings, surroundings, watchdog } = run;
  const world = systemWorld();
  const clockOffsetMs = world.nowNs() / 1e6 - hostMonotonicMs();
  const strangers = new Strangers();
  let interception: Interception | null = null;
  const originMs = hostWallMs() - hostMonotonicMs() - clockOffsetMs;
  let recorder: RunRecorder | undefined;
  const mock = await startMockKraken({
    world,
    users: settings.users,
    seed: settings.seed,
    scope: settings.scope,
    serviceTime: settings.serviceMs,
    arrivalJitterMs: settings.arrivalJitterMs,
    nonceWindow: BigInt(settings.nonceWindowMs ?? 0) * 1_000_000n,
    // The judge reads the journal, and must have all of it.
    journalRecordsMax: Number.MAX_SAFE_INTEGER,
    isForeign: (socket) => strangers.isStranger(interception?.clientAt(socket.remotePort ?? 0) ?? socket),
    onRecord: (call) => recorder?.onCall(call),
    ...(settings.faults === null ? {} : { faults: settings.faults }),
  });
  const progress = setInterval(() => surroundings.onProgress?.(mock.journal().length), PROGRESS_MS);
  let coordination: OpenCoordination | null = null;
  try {
    const settlingMs = settings.nemesis.length > 0 ? SETTLING_MS_WITH_NEMESIS : SETTLING_MS;
    coordination = await openCoordination({ ...settings, settlingMs });
    interception = await intercept(run, { folder, mock });
    const fakedTime = fakeTime(run, { folder, mock });
    const observed = new Run({
      ...run,
      folder,
      mock,
      interception,
      fakedTime,
      coordination,
      strangers,
      nowNs: world.nowNs,
      clockOffsetMs,
      originMs,
    });
    recorder = surroundings.record?.({ originMs, redactor: observed.redactor });
    return await observed.observe();
  } finally {
    recorder?.close();
    watchdog.enter('closing what the target was connected to');
    clearInterval(progress);
    await interception?.close();
    await coordination?.close();
    await mock.close();
  }
}

/** A client module is told its base URL; a foreign command may have Kraken's own written into it. */
async function intercept(
  { target, settings, surroundings }: Pick<RunParts, 'target' | 'settings' | 'surroundings'>,
  { folder, mock }: Pick<RunParts, 'folder' | 'mock'>,
): Promise<Interception | null> {
  if (target.kind === 'module') return null;
  const { openInterception } = await import('./intercept/index.ts');
  return openInterception({
    mockUrl: mock.url,
    folder: folder.path,
    env: surroundings.env,
    allowNet: settings.allowNet,
    nowMs: hostWallMs(),
    mark: { name: RUN_SECRET, value: folder.secret },
  });
}

/** The clock of a command that is to have faults. */
function fakeTime(
  { target, settings, surroundings }: Pick<RunParts, 'target' | 'settings' | 'surroundings'>,
  { folder, mock }: Pick<RunParts, 'folder' | 'mock'>,
): FakedTime | null {
  if (target.kind === 'module' || settings.clock !== 'faults') return null;
  const { env } = surroundings;
  return new FakedTime({
    library: findFaketime(env),
    file: folder.file('clock'),
    env,
    wallMs: hostWallMs,
    callsSoFar: () => mock.journal().length,
  });
}

interface RunParts {
  readonly target: Target;
  readonly settings: RunOptions;
  readonly surroundings: RunSurroundings;
  readonly folder: RunFolder;
  readonly mock: MockKraken;
  readonly interception: Interception | null;
  readonly fakedTime: FakedTime | null;
  readonly coordination: OpenCoordination;
  readonly watchdog: RunWatchdog;
  readonly strangers: Strangers;
  /** Nanoseconds on the journal's clock. */
  readonly nowNs: () => number;
  readonly clockOffsetMs: number;
  readonly originMs: number;
}

class Run {
  readonly redactor: Redactor;
  readonly #parts: RunParts;
  /** The process of each number, once it is started. */
  readonly #pids: number[] = [];
  /** Bytes that the target printed and that were not kept. */
  #outputLeftOut = 0;
  /** When the harness began to end the target, on the journal's clock. */
  #stoppedAtNs: number | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    const { folder, interception, mock, surroundings } = parts;
    this.redactor = createRedactor([
      ...mock.accounts.flatMap(({ apiKey, apiSecret }) => [apiKey, apiSecret]),
      ...environmentCredentials(surroundings.env),
      ...(interception?.secrets ?? []),
      folder.secret,
    ]);
  }

  async observe(): Promise<Observation> {
    const { mock, settings, interception, fakedTime, clockOffsetMs, originMs, watchdog } = this.#parts;
    const startedAtMs = hostMonotonicMs();
    const plan = planProcesses({ ...settings, accounts: mock.accounts });
    const indices = plan.map(({ index }) => index);
    fakedTime?.start();
    const nemesis = this.#nemesis();
    nemesis?.start();
    watchdog.enter('waiting for the target to end');
    watchdog.targetStarts();
    const exits = await Promise.all(plan.map((process) => this.#runProcess(process)));
    watchdog.enter('ending the faults');
    const { struck, killed } = (await nemesis?.stop()) ?? NOTHING_STRUCK;
    const clockFaults = fakedTime?.stop() ?? (await this.#clockFaults(indices));
    const elapsedMs = hostMonotonicMs() - startedAtMs;
    await this.#refuseUnusableModule(exits);
    // Calls that the target left behind are in service until the exchange has decided them.
    watchdog.enter('waiting for calls in service');
    await mock.close();
    watchdog.enter('reading what the target said');
    const last = worstOf(
      indices.filter((index) => !killed.includes(index)),
      exits,
    );
    return {
      accounts: mock.accounts.map(({ account }) => account),
      journal: mock.journal(),
      publicCalls: mock.exchange.publicCalls,
      connectionsRefused: mock.connectionsRefused,
      clientCalls: await this.#clientCalls(indices, killed),
      clockOffsetMs,
      originMs,
      clockFaults,
      struck,
      vanishedCalls: this.#parts.strangers.vanished,
      exit: { ...last.exit, stillness: this.#stillness() },
      elapsedMs,
      stdout: await this.#text(indices, 'stdout'),
      stderr: await this.#text(indices, 'stderr'),
      lastWords: lastLines(await this.#text([last.index], 'stderr')),
      notes: [
        ...((await interception?.notes(mock.journal().length + mock.exchange.publicCalls)) ?? []),
        ...strangersNote(mock.foreignCalls - this.#parts.strangers.vanished),
        ...this.#outputNote(),
      ],
      redactor: this.redactor,
    };
  }

  async #runProcess({ index, accounts, accountsFile }: PlannedProcess): Promise<TargetExit> {
    const { target, settings, surroundings, mock, interception, fakedTime } = this.#parts;
    const { folder, coordination, strangers } = this.#parts;
    await writeFile(folder.file(accountsFile), JSON.stringify(accounts), { mode: 0o600 });
    const contract = environmentVariables({
      baseUrl: mock.url,
      accounts,
      accountsFile: folder.file(accountsFile),
      callsPerAccount: settings.callsPerAccount,
      seed: settings.seed,
      processIndex: index,
    });
    const command = commandOf(target, {
      settings,
      coordination: coordination.toldTo(index),
      startLine: { file: folder.file('ready-'), parties: settings.processes * settings.threads },
      clientLog: folder.file(`client-${index}.ndjson`),
      clockLog: folder.file(`clock-${index}`),
    });
    const surrounding = replaceCredentials(surroundings.env, accounts);
    return launch({
      ...command,
      env: {
        ...surrounding,
        ...interception?.variables,
        ...fakedTime?.variables,
        ...contract,
        ...command.env,
        [RUN_SECRET]: folder.secret,
      },
      cwd: surroundings.cwd,
      timeoutMs: settings.timeoutMs,
      stdoutFile: folder.file(`stdout-${index}`),
      stderrFile: folder.file(`stderr-${index}`),
      outputBytesMax: outputBytesOf(settings.perAccount ? settings.users : settings.processes),
      onOutputLeftOut: (bytes) => (this.#outputLeftOut += bytes),
      signal: surroundings.signal,
      onStopping: () => (this.#stoppedAtNs ??= this.#parts.nowNs()),
      onStart: (pid) => {
        this.#pids[index] = pid;
        strangers.noteTarget(pid);
        folder.noteGroup(pid);
      },
    });
  }

  #outputNote(): readonly string[] {
    if (this.#outputLeftOut === 0) return [];
    return [
      `The target printed more than is kept: ${count(this.#outputLeftOut, 'byte')} were left out of its logs, between the beginning and the end.`,
    ];
  }

  #stillness(): Stillness | undefined {
    if (this.#stoppedAtNs === undefined) return undefined;
    return stillnessAt(this.#parts.mock.journal(), this.#stoppedAtNs);
  }

  #nemesis(): Nemesis | null {
    const { coordination, mock, settings } = this.#parts;
    const { callsPerAccount, nemesis, processes, seed, users } = settings;
    if (nemesis.length === 0 || coordination.grip === null) return null;
    const grip = {
      ...coordination.grip,
      processes,
      callsSoFar: () => mock.journal().length,
      callsExpected: users * callsPerAccount,
      signal: (index: number, signal: NodeJS.Signals) => signalProcess(this.#pids[index], signal),
    };
    return new Nemesis(nemesis, grip, seed);
  }

  /** A client module that cannot be loaded is the user's mistake, and no verdict on any client. */
  async #refuseUnusableModule(exits: readonly TargetExit[]): Promise<void> {
    const { target } = this.#parts;
    if (target.kind !== 'module' || !exits.some(({ status }) => status === MODULE_UNUSABLE_STATUS)) return;
    throw new UsageError((await this.#text([0], 'stderr')).trim());
  }

  async #clientCalls(
    indices: readonly number[],
    killed: readonly number[],
  ): Promise<readonly ClientCall[] | null> {
    if (this.#parts.target.kind === 'command') return null;
    const readings = await Promise.all(
      indices.map(async (index) => {
        const calls = await readClientLog(this.#parts.folder.file(`client-${index}.ndjson`));
        return killed.includes(index) ? calls.map(unknownBecauseKilled) : calls;
      }),
    );
    return readings.flat().sort((a, b) => a.askedMs - b.askedMs);
  }

  async #clockFaults(indices: readonly number[]): Promise<readonly string[]> {
    const texts = await Promise.all(
      indices.map((index) => readOwnFile(this.#parts.folder.file(`clock-${index}`))),
    );
    return [
      ...new Set(
        texts
          .join('')
          .split('\n')
          .filter((kind) => kind !== ''),
      ),
    ];
  }

  async #text(indices: readonly number[], stream: 'stdout' | 'stderr'): Promise<string> {
    const texts = await Promise.all(
      indices.map((index) => this.#redacted(this.#parts.folder.file(`${stream}-${index}`))),
    );
    return texts.join('');
  }

  /** After the run, not while it goes on: the exchange must not wait for it. */
  async #redacted(file: string): Promise<string> {
    const log = await openOwnFile(file);
    if (log === undefined) return '';
    const { size } = await log.stat();
    const kept = log.createReadStream({ end: LOG_BYTES_MAX - 1 });
    const text = await readAll(kept.pipe(this.redactor.stream()));
    return size > LOG_BYTES_MAX ? `${text}\n[${size - LOG_BYTES_MAX} further bytes left out]\n` : text;
  }
}

/** A target that is killed may leave half a line behind: its last call, which settled for nobody. */
async function readClientLog(file: string): Promise<readonly ClientCall[]> {
  const log = await openOwnFile(file);
  return log === undefined ? [] : (await readClientFile(log.createReadStream())).calls;
}

/** More of what a process wrote is not kept. */
const LOG_BYTES_MAX = 64 * 1024 * 1024;

/** What each process may print on a stream, so that all of them together do not print too much. */
function outputBytesOf(processes: number): number {
  return Math.max(OUTPUT_BYTES_OF_PROCESS_MIN, Math.floor(OUTPUT_BYTES_MAX / processes));
}

const OUTPUT_BYTES_OF_PROCESS_MIN = 8 * 1024;

const NOTHING_STRUCK: NemesisRecord = { struck: [], killed: [] };

function signalProcess(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Nobody was left to be told: the run knows as little of such a call as its caller would have known. */
function unknownBecauseKilled(call: ClientCall): ClientCall {
  if (call.outcome !== 'unsettled') return call;
  return { ...call, outcome: 'failed', error: 'its process was killed on purpose', toldOutcome: 'unknown' };
}

/** The process whose exit says most: a time limit before a signal, a signal before a status, a bad one before 0. */
function worstOf(
  indices: readonly number[],
  exits: readonly TargetExit[],
): { readonly index: number; readonly exit: TargetExit } {
  const badness = ({ endedBy, signal, status }: TargetExit): number =>
    endedBy !== null ? 3 : signal !== null ? 2 : status !== 0 ? 1 : 0;
  const candidates = exits
    .map((exit, index) => ({ index, exit }))
    .filter(({ index }) => indices.includes(index));
  return candidates.reduce((worst, each) => (badness(each.exit) > badness(worst.exit) ? each : worst));
}

const LAST_LINES_MAX = 10;
const LINE_CHARS_MAX = 500;

/** The last lines of a text that say anything, each of a bearable length. */
function lastLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-LAST_LINES_MAX)
    .map((line) => (line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}…` : line));
}
