import { spawnSync } from 'node:child_process';
import { renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { UsageError } from '../../usage-error.ts';
import type { ClockFaultKind } from '../targets/index.ts';

/** How long each fault lasts: long enough for some calls, short enough that a small run sees them all. */
const STEP_MS = 150;

const FIND_TIMEOUT_MS = 10_000;

/**
 * The library that faketime puts before a program, as the dynamic linker is to be told of it.
 * @throws {UsageError} when faketime is not installed
 */
export function findFaketime(env: Readonly<Record<string, string | undefined>>): string {
  const told = spawnSync('faketime', ['-f', '+0', 'sh', '-c', 'printf %s "$LD_PRELOAD"'], {
    env: { ...env, LD_PRELOAD: '' },
    encoding: 'utf8',
    timeout: FIND_TIMEOUT_MS,
  });
  const library = told.status === 0 ? told.stdout.replaceAll(/^:+|:+$/g, '') : '';
  if (library !== '') return library;
  throw new UsageError(
    'Failed to set the clock of a command: faketime is not installed. Install it (Debian: apt-get install faketime), or verify a client module.',
  );
}

/** What {@link FakedTime} needs. */
export interface FakedTimeOptions {
  /** See {@link findFaketime}. */
  readonly library: string;
  /** Says what time it is; made, and replaced at each step. */
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly wallMs: () => number;
  /** Private calls that have arrived so far. */
  readonly callsSoFar: () => number;
}

/**
 * The wall clock of a foreign program and all that it starts, by way of libfaketime. A program that is linked
 * statically does not ask that library; whether it did is seen by the file's access time, and a fault that nobody
 * read has not struck.
 */
export class FakedTime {
  readonly #options: FakedTimeOptions;
  readonly #startedAtMs: number;
  readonly #struck = new Set<ClockFaultKind>();
  #timer: NodeJS.Timeout | undefined;
  #steps = 0;
  #callsAtStep = 0;

  constructor(options: FakedTimeOptions) {
    this.#options = options;
    this.#startedAtMs = options.wallMs();
    this.#set('+0');
  }

  /** For the program's environment. */
  get variables(): Record<string, string> {
    const { library, file, env } = this.#options;
    const before = env['LD_PRELOAD'];
    return {
      LD_PRELOAD: before === undefined || before === '' ? library : `${library}:${before}`,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_FMT: '%s',
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  start(): void {
    this.#timer = setInterval(() => this.#step(), STEP_MS);
  }

  /** Returns the faults that struck: calls had come before, and came while the program read that clock. */
  stop(): readonly ClockFaultKind[] {
    clearInterval(this.#timer);
    this.#noteStruck();
    return [...this.#struck];
  }

  #step(): void {
    this.#noteStruck();
    this.#callsAtStep = this.#options.callsSoFar();
    this.#steps += 1;
    this.#set(this.#fault().time);
  }

  #noteStruck(): void {
    if (this.#steps === 0 || this.#callsAtStep === 0) return;
    const hasCalled = this.#options.callsSoFar() > this.#callsAtStep;
    if (hasCalled && statSync(this.#options.file).atimeMs > 0) this.#struck.add(this.#fault().kind);
  }

  /** In the words of libfaketime: an offset in seconds, or a moment at which the clock stands still. */
  #fault(): { readonly kind: ClockFaultKind; readonly time: string } {
    const nowMs = this.#options.wallMs();
    const faults = [
      { kind: 'clock-ahead', time: '+1' },
      { kind: 'clock-back', time: '-2' },
      { kind: 'clock-stall', time: String(Math.floor(nowMs / 1_000)) },
      { kind: 'clock-restart', time: `-${(nowMs - this.#startedAtMs) / 1_000}` },
    ] as const;
    return faults[(this.#steps - 1) % faults.length] ?? faults[0];
  }

  /** Atomically, and as a file that was never read. */
  #set(time: string): void {
    const { file } = this.#options;
    const beside = `${file}.new`;
    writeFileSync(beside, `${time}\n`);
    utimesSync(beside, 0, this.#options.wallMs() / 1_000);
    renameSync(beside, file);
  }
}
