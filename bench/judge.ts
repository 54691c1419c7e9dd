import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { formatTraceLine, readTrace } from '../harness/judge/history/index.ts';
import { createJudge } from '../harness/judge/verdict/index.ts';
import type { Judge } from '../harness/judge/verdict/index.ts';
import type { JournalRecord } from '../mock-kraken/index.ts';
import { assert } from './suite.ts';

const CALLS = 1_000_000;
const ACCOUNTS = 1_000;
const ROUNDS = 9;

/**
 * All ten rules over a history of 1,000,000 calls of 1,000 accounts, of which every tenth is an order that took
 * effect: how fast they judge it in memory, and what they keep of it while it streams in as text.
 */
export async function benchJudge(): Promise<void> {
  measureInMemory();
  await measureStreaming();
}

function measureInMemory(): void {
  const history = Array.from({ length: CALLS }, (_, i) => callAt(i));
  const rates = Array.from({ length: ROUNDS }, () => {
    const judge = openJudge();
    const startMs = performance.now();
    for (const call of history) judge.onCall(call);
    conclude(judge);
    return (CALLS * 1_000) / (performance.now() - startMs);
  }).sort((a, b) => a - b);
  const [best, median] = [rates.at(-1) ?? 0, rates[Math.floor(ROUNDS / 2)] ?? 0];
  print(`in memory: median ${records(median)}/s, best of ${ROUNDS} ${records(best)}/s`);
}

async function measureStreaming(): Promise<void> {
  const judge = openJudge();
  const heapMiB: number[] = [];
  const startMs = performance.now();
  let read = 0;
  const { defects } = await readTrace(traceText(), (call) => {
    judge.onCall(call);
    read += 1;
    if (read % (CALLS / 5) === 0) heapMiB.push(heapAfterCollection());
  });
  conclude(judge);
  const rate = (CALLS * 1_000) / (performance.now() - startMs);
  assert(defects.length === 0, defects.join(' '));
  const growth = (heapMiB.at(-1) ?? 0) - (heapMiB[1] ?? 0);
  assert(growth < 16, `the heap grew by ${growth.toFixed(1)} MiB over the last three fifths`);
  const heaps = heapMiB.map((mib) => mib.toFixed(0)).join(', ');
  print(
    `as text: ${records(rate)}/s written, parsed, validated and judged; heap after each fifth ${heaps} MiB`,
  );
}

/** What a recorder writes, in chunks like those of a file. */
async function* traceText(): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const callsPerChunk = 200;
  for (let from = 0; from < CALLS; from += callsPerChunk) {
    const calls = Array.from({ length: callsPerChunk }, (_, i) => callAt(from + i));
    yield encoder.encode(calls.map(formatTraceLine).join(''));
  }
}

function openJudge(): Judge {
  const context = { scope: 'global', accounts: null, faultKinds: [], seed: 0, strength: 'observed' } as const;
  return createJudge({ ...context, clientSide: false, reproduce: '' });
}

function conclude(judge: Judge): void {
  const { verdict, counts } = judge.finish({ exit: null, clientCalls: null });
  assert(verdict === 'held', `the verdict was ${verdict}`);
  assert(counts.calls === CALLS && counts.accounts === ACCOUNTS, JSON.stringify(counts));
}

const NAMES = Array.from({ length: ACCOUNTS }, (_, i) => ({
  account: i === 0 ? 'MASTER' : `USER_${i}`,
  key: `fingerprint-${i.toString(16).padStart(4, '0')}`,
}));

function callAt(i: number): JournalRecord {
  const { account, key } = NAMES[(i * 7_919) % ACCOUNTS] ?? { account: null, key: null };
  const isOrder = i % 10 === 0;
  return {
    seq: i + 1,
    account,
    key,
    method: isOrder ? 'AddOrder' : 'Balance',
    nonce: String(1_795_353_736_170_000_000n + BigInt(i) * 1_234_567n),
    arrivedNs: i * 1_000_000,
    departedNs: i * 1_000_000 + 900_000,
    outcome: 'accepted',
    error: null,
    violations: [],
    fault: null,
    effect: isOrder ? { kind: 'order', ids: [`O${i}`] } : null,
    tag: `p0-${i}`,
    clientRef: null,
  };
}

const collect = exposedCollector();

function heapAfterCollection(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** The garbage collector, without a flag on the command line. */
function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function records(rate: number): string {
  return `${Math.round(rate).toLocaleString('en-US')} records`;
}

function print(line: string): void {
  process.stdout.write(`judge: ${line}\n`);
}
