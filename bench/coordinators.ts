/**
 * Turns per second, and how long the lane stands empty between two turns that somebody waits for: in one process,
 * over threads, over PostgreSQL. In one run, on a database without fsync; the numbers of two machines say nothing.
 */
import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Mutex } from 'async-mutex';
import { startDatabase } from '../harness/run/coordination/database.ts';
import { threadProgram } from '../harness/run/coordination/run-threads.ts';
import { createLocalCoordinator, createThreadsCoordinator, systemRuntime } from '../src/index.ts';
import { createPostgresSchema } from '../src/lane/postgres/index.ts';
import { CALLERS, nowNs, runCallers } from './coordinator-callers.ts';
import type { MeasuredTurn, RunTurn, Span } from './coordinator-callers.ts';
import { turnsOf } from './coordinator-participant.ts';
import type { ParticipantOrder, ParticipantReport } from './coordinator-participant.ts';
import { assert } from './suite.ts';

const SPAN_MS = 2_000;
/** Those who start together get to know of it in time. */
const NOTICE_MS = 300;
const PROGRAM = new URL('./coordinator-participant.ts', import.meta.url);

export async function benchCoordinators(): Promise<void> {
  process.stdout.write(
    `\ncoordinators: ${CALLERS} callers in each process or thread, for ${SPAN_MS / 1_000} s\n` +
      `  ${''.padEnd(34)}    turns/s   hand-over p50        p99   to another one p50\n`,
  );
  const mutex = new Mutex();
  let chain: Promise<void> = Promise.resolve();
  await measureHere('bare promise chain, no nonce', (body) => (chain = chain.then(() => body(null))));
  await measureHere('async-mutex, no nonce', (body) => mutex.runExclusive(() => body(null)));
  await measureHere('local', turnsOf(createLocalCoordinator({ runtime: systemRuntime })));
  for (const count of [1, 4, 16]) await measureThreads(count);
  const database = await startDatabase();
  try {
    await createPostgresSchema({ url: database.url() });
    for (const count of [1, 4]) await measureProcesses(count, database.url());
  } finally {
    await database.stop();
  }
}

async function measureHere(name: string, runTurn: RunTurn): Promise<void> {
  print(name, [await runCallers(runTurn, spanFromNow())]);
}

async function measureThreads(count: number): Promise<void> {
  const lane = createThreadsCoordinator();
  const program = threadProgram(PROGRAM.href);
  const threads = Array.from({ length: count }, () => new Worker(program, { ...lane.share(), eval: true }));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const participants = threads.map((worker) => new Participant(worker, (order) => worker.postMessage(order)));
  print(`threads, ${count} worker${count === 1 ? '' : 's'}`, await measureAll(participants));
  await Promise.all(threads.map((worker) => worker.terminate()));
}

async function measureProcesses(count: number, url: string): Promise<void> {
  const options: ForkOptions = {
    execArgv: ['--import', import.meta.resolve('tsx')],
    serialization: 'advanced',
  };
  const processes = Array.from({ length: count }, () => fork(fileURLToPath(PROGRAM), [url], options));
  const participants = processes.map((child) => new Participant(child, (order) => child.send(order)));
  print(`postgres, ${count} process${count === 1 ? '' : 'es'}`, await measureAll(participants));
  for (const child of processes) child.kill();
}

/** Somebody elsewhere who takes turns. */
class Participant {
  readonly #tell: (order: ParticipantOrder) => void;
  readonly #reports: ParticipantReport[] = [];
  #arrived: () => void = () => undefined;

  constructor(source: Worker | ChildProcess, tell: (order: ParticipantOrder) => void) {
    this.#tell = tell;
    source.on('message', (report: ParticipantReport) => {
      this.#reports.push(report);
      this.#arrived();
    });
    source.once('error', (error: Error) => {
      throw error;
    });
  }

  async next(): Promise<ParticipantReport> {
    for (;;) {
      const report = this.#reports.shift();
      if (report !== undefined) return report;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  async measure(span: Span): Promise<readonly MeasuredTurn[]> {
    this.#tell(span);
    const turns = await this.next();
    return turns === 'ready' ? [] : turns;
  }
}

async function measureAll(
  participants: readonly Participant[],
): Promise<readonly (readonly MeasuredTurn[])[]> {
  await Promise.all(participants.map((participant) => participant.next()));
  const span = spanFromNow();
  return Promise.all(participants.map((participant) => participant.measure(span)));
}

function spanFromNow(): Span {
  const fromNs = nowNs() + NOTICE_MS * 1e6;
  return { fromNs, untilNs: fromNs + SPAN_MS * 1e6 };
}

function print(name: string, measured: readonly (readonly MeasuredTurn[])[]): void {
  const turns = measured
    .flatMap((own, who) => own.map((turn) => ({ ...turn, who })))
    .sort((a, b) => a.enteredNs - b.enteredNs);
  const gaps: number[] = [];
  const gapsToOthers: number[] = [];
  for (const [i, turn] of turns.entries()) {
    const before = turns[i - 1];
    if (before === undefined) continue;
    assert(turn.enteredNs >= before.leftNs, `${name}: two were in a turn at once`);
    assert(isAfter(turn.nonce, before.nonce), `${name}: nonce ${turn.nonce} came after ${before.nonce}`);
    const gapNs = turn.enteredNs - before.leftNs;
    gaps.push(gapNs);
    if (turn.who !== before.who) gapsToOthers.push(gapNs);
  }
  const lastedNs = (turns.at(-1)?.leftNs ?? 0) - (turns[0]?.enteredNs ?? 0);
  const perSecond = Math.round(gaps.length / (lastedNs / 1e9)).toLocaleString('en-US');
  const columns = [
    perSecond.padStart(10),
    quantile(gaps, 0.5).padStart(15),
    quantile(gaps, 0.99).padStart(10),
  ];
  process.stdout.write(
    `  ${name.padEnd(34)} ${columns.join(' ')} ${quantile(gapsToOthers, 0.5).padStart(20)}\n`,
  );
}

function isAfter(nonce: bigint | null, before: bigint | null): boolean {
  return nonce === null || before === null || nonce > before;
}

function quantile(valuesNs: readonly number[], q: number): string {
  const sorted = valuesNs.toSorted((a, b) => a - b);
  const ns = sorted[Math.floor(q * (sorted.length - 1))];
  return ns === undefined ? '-' : `${(ns / 1_000).toFixed(1)} µs`;
}
