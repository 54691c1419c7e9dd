/**
 * A client that keeps a high-water mark is killed at random moments, and started again with its clock set back.
 * No nonce may be at or below one that was used before. NONCEPROOF_KILLS says how often; the default is quick.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../harness/random.ts';
import { startMockKraken } from '../mock-kraken/index.ts';
import type { JournalRecord, MockKraken } from '../mock-kraken/index.ts';
import type { MarkedClientTask } from './marked-client.test-support.ts';

const KILLS = Number(process.env['NONCEPROOF_KILLS'] ?? 8);
const SEED = 20_261_122;
/** Further than any life lasts: without a mark every restart goes back. */
const SET_BACK_MS = 60_000;
/** From a mark that is saved for nearly every call to one that is saved once in a life. */
const BLOCKS_NS = [1_000_000, 20_000_000, 10_000_000_000];
const FIRST_CALL_WAIT_MS = 20_000;

let folder = '';
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-and-restart-'));
  program = join(folder, 'marked-client.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./marked-client.test-support.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});
afterAll(() => rm(folder, { recursive: true }));

interface Lives {
  readonly kills: number;
  readonly markFile: string | null;
}

interface Life {
  readonly calls: readonly JournalRecord[];
  /** What ended it. */
  readonly signal: unknown;
}

/** Lets the client live and die so often. */
async function livesOf({ kills, markFile }: Lives): Promise<readonly Life[]> {
  const mock = await startMockKraken({ users: 2, serviceTime: 1, overlap: 'tolerate', seed: SEED });
  const random = createRandom(SEED);
  const lives: Life[] = [];
  for (let life = 0; life < kills; life += 1) {
    const before = mock.journal().length;
    const setBackMs = life * SET_BACK_MS;
    const blockNs = BLOCKS_NS[life % BLOCKS_NS.length] ?? 0;
    const { url: baseUrl, accounts } = mock;
    const signal = await liveAndDie({ baseUrl, accounts, markFile, blockNs, setBackMs }, { mock, random });
    lives.push({ calls: mock.journal().slice(before), signal });
  }
  await mock.close();
  return lives;
}

/** One in five dies while it starts or reads its mark, the others in the middle of their calls. */
async function liveAndDie(
  task: MarkedClientTask,
  { mock, random }: { readonly mock: MockKraken; readonly random: () => number },
): Promise<unknown> {
  const calls = mock.journal().length;
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, MARKED_CLIENT_TASK: JSON.stringify(task) },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const diesEarly = random() < 0.2;
  const deadlineMs = performance.now() + FIRST_CALL_WAIT_MS;
  if (!diesEarly) while (mock.journal().length === calls && performance.now() < deadlineMs) await sleep(1);
  await sleep(random() * (diesEarly ? 200 : 60));
  child.kill('SIGKILL');
  const [, signal]: unknown[] = await ended;
  return signal;
}

/** The first nonce that is at or below an earlier one of its key. */
function firstGoneBack(calls: readonly JournalRecord[]): JournalRecord | undefined {
  const highest = new Map<string | null, bigint>();
  return calls.find(({ key, nonce }) => {
    if (nonce === null) return false;
    const isBack = BigInt(nonce) <= (highest.get(key) ?? -1n);
    highest.set(key, BigInt(nonce));
    return isBack;
  });
}

describe('a client that is killed and started again with its clock set back', () => {
  test(
    `never uses a nonce at or below one it used before, over ${KILLS} kills, with a high-water mark`,
    { timeout: 60_000 + KILLS * 5_000 },
    async () => {
      const lives = await livesOf({ kills: KILLS, markFile: join(folder, 'mark') });
      expect(firstGoneBack(lives.flatMap(({ calls }) => calls))).toBeUndefined();
      expect(lives.filter(({ signal }) => signal !== 'SIGKILL')).toEqual([]);
      expect(lives.filter(({ calls }) => calls.length > 0).length).toBeGreaterThan(KILLS / 2);
    },
  );

  test('does so without one, or this would prove nothing', async () => {
    const lives = await livesOf({ kills: 5, markFile: null });
    expect(firstGoneBack(lives.flatMap(({ calls }) => calls))).toBeDefined();
  });
});
