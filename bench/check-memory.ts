/**
 * How much memory `check` needs for a file that is far larger. Writes a sealed trace of 1,000,000 calls of 1,000
 * accounts, or of as many calls as its argument says, one in ten of them an order, checks it, and looks at the
 * process's whole memory on the way. Exits with status 1 above 200 MB, or when the verdict is not `held`.
 *
 * V8 takes more memory than it needs as long as nobody tells it not to; so this is bundled first, and runs with a limit:
 *
 *     npx esbuild bench/check-memory.ts --bundle --platform=node --format=esm --packages=external \
 *       --outfile=dist/check-memory.mjs
 *     node --max-old-space-size=128 --max-semi-space-size=4 dist/check-memory.mjs
 */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFile } from '../harness/commands/check.ts';
import { sealTrace } from '../harness/judge/history/index.ts';
import type { JournalRecord } from '../mock-kraken/index.ts';

const RSS_MB_MAX = 200;
const LOOK_EVERY_MS = 500;
const ACCOUNTS = 1_000;

const HEADER = {
  version: 1,
  nonceproof: '0.1.0',
  command: 'verify',
  target: 'made up',
  startedAt: '2026-11-26T01:00:00.000Z',
  accounts: ACCOUNTS,
  scope: 'global',
  seed: 42,
  scenario: { faults: null },
} as const;

const records = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'check-memory-'));
const looksMb: number[] = [];
try {
  const file = join(folder, 'trace.ndjson');
  write(file);
  const startMs = performance.now();
  const watch = setInterval(look, LOOK_EVERY_MS);
  const options = { file, cwd: folder, scope: null, accounts: null, clientFile: null };
  const { verdict } = await checkFile(options);
  clearInterval(watch);
  look();
  report(verdict.verdict, { file, seconds: (performance.now() - startMs) / 1_000 });
} finally {
  rmSync(folder, { recursive: true });
}

function write(file: string): void {
  const trace = openSync(file, 'wx');
  for (const piece of sealTrace(HEADER, calls())) writeSync(trace, piece);
  closeSync(trace);
}

function* calls(): Generator<JournalRecord> {
  for (let seq = 1; seq <= records; seq += 1) yield callAt(seq);
}

function callAt(seq: number): JournalRecord {
  const account = (seq * 7_919) % ACCOUNTS;
  const id = `O${seq.toString(36).toUpperCase().padStart(17, 'A')}`;
  const isOrder = seq % 10 === 0;
  const intents = isOrder ? { intents: [{ digest: `d${seq}`, likeness: 'XBTUSD buy', id }] } : {};
  return {
    seq,
    account: account === 0 ? 'MASTER' : `USER_${account}`,
    key: `fingerprint-${account}`,
    method: isOrder ? 'AddOrder' : 'Balance',
    nonce: String(1_795_353_736_170_000_000n + BigInt(seq) * 1_234_567n),
    arrivedNs: seq * 1_000_000,
    departedNs: seq * 1_000_000 + 900_000,
    outcome: 'accepted',
    error: null,
    violations: [],
    fault: null,
    effect: isOrder ? { kind: 'order', ids: [id] } : null,
    tag: `p0-${seq}`,
    clientRef: isOrder ? `ref-${seq}` : null,
    ...intents,
  };
}

function look(): void {
  looksMb.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
}

function report(
  verdict: string,
  { file, seconds }: { readonly file: string; readonly seconds: number },
): void {
  const fileMb = Math.round(statSync(file).size / 2 ** 20);
  const mostMb = Math.max(...looksMb);
  const some = looksMb.filter((_, i) => i % Math.ceil(looksMb.length / 10) === 0).join(', ');
  process.stdout.write(
    `${records} records, ${fileMb} MB, checked in ${seconds.toFixed(1)} s: ${verdict}\n` +
      `resident on the way: ${some} MB; at most ${mostMb} MB, limit ${RSS_MB_MAX} MB\n`,
  );
  process.exitCode = verdict === 'held' && mostMb <= RSS_MB_MAX ? 0 : 1;
}
