import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createRandom } from '../harness/random.ts';
import { startMockKraken } from '../mock-kraken/index.ts';
import type { Credentials, JournalRecord, MockKraken } from '../mock-kraken/index.ts';
import { readLines } from './restarting-trader.test-support.ts';
import type { TraderLine, TraderTask } from './restarting-trader.test-support.ts';

/** How often to kill, and what. */
export interface OrderKills {
  readonly kills: number;
  /** Programs that live side by side, each with an account of its own. */
  readonly traders: number;
  readonly seed: number;
  readonly asksFirst: boolean;
}

/** What became of the orders that were written down. */
export interface OrderKillsReport {
  readonly kills: number;
  readonly orders: number;
  /** Orders that were not acknowledged when the program was killed, and were found afterwards. */
  readonly found: number;
  /** The exchange refused them, and the program was told so. */
  readonly refused: number;
  /** Written down once, and more than once at the exchange. */
  readonly doubled: readonly string[];
  /** Written down, not refused, and not at the exchange. */
  readonly lost: readonly string[];
  /** The program was told something else than what the exchange did. */
  readonly misreported: readonly string[];
  /** Programs that ended in another way than by being killed, or, the last time, by themselves. */
  readonly oddEnds: readonly string[];
}

/** A kill comes so long after an order was written down, at most: before it is sent, in service, after its reply. */
const KILL_AFTER_MS_MAX = 50;
/** One kill in so many comes while the program starts or asks. */
const EARLY_KILLS_IN = 5;
/** A start takes this long on an idle machine. */
const START_MS = 400;

/** Lets programs place orders, kills them at seeded moments, starts them again, and counts what came of it. */
export async function killTraders(options: OrderKills): Promise<OrderKillsReport> {
  const folder = await mkdtemp(join(tmpdir(), 'order-kills-'));
  const { kills, traders, seed } = options;
  // A killed client's call may still be in service when the next life makes its first.
  const mock = await startMockKraken({ users: traders, serviceTime: 20, overlap: 'tolerate', seed });
  try {
    const program = await bundle(folder);
    const lives = mock.accounts.map((account, index) => {
      const share = Math.floor(kills / traders) + (index < kills % traders ? 1 : 0);
      const journalFile = join(folder, `${account.account}.ndjson`);
      const random = createRandom(seed + index);
      return new Trader(
        { ...options, kills: share },
        { mock, account, program, journalFile, random },
      ).liveAndDie();
    });
    const histories = await Promise.all(lives);
    return summarize(histories, mock.journal(), kills);
  } finally {
    await mock.close();
    await rm(folder, { recursive: true });
  }
}

async function bundle(folder: string): Promise<string> {
  const outfile = join(folder, 'trader.mjs');
  // Tests run the project as it is built, a bench from its source.
  const extension = extname(fileURLToPath(import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL(`restarting-trader.test-support${extension}`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}

interface TraderWorld {
  readonly mock: MockKraken;
  readonly account: Credentials;
  readonly program: string;
  readonly journalFile: string;
  readonly random: () => number;
}

interface History {
  readonly account: string;
  readonly lines: readonly TraderLine[];
  readonly oddEnds: readonly string[];
}

class Trader {
  readonly #options: OrderKills;
  readonly #world: TraderWorld;
  readonly #oddEnds: string[] = [];

  constructor(options: OrderKills, world: TraderWorld) {
    this.#options = options;
    this.#world = world;
  }

  async liveAndDie(): Promise<History> {
    const { account, journalFile } = this.#world;
    await writeFile(journalFile, '');
    for (let life = 0; life < this.#options.kills; life += 1) await this.#live(life, false);
    await this.#live(this.#options.kills, true);
    const lines = readLines(await readFile(journalFile, 'utf8'));
    return { account: account.account, lines, oddEnds: this.#oddEnds };
  }

  async #live(life: number, settles: boolean): Promise<void> {
    const { account, journalFile, mock, program } = this.#world;
    const { asksFirst } = this.#options;
    const { apiKey, apiSecret } = account;
    const task: TraderTask = {
      account: account.account,
      apiKey,
      apiSecret,
      baseUrl: mock.url,
      asksFirst,
      journalFile,
      life,
      settles,
    };
    const env = { ...process.env, TRADER_TASK: JSON.stringify(task) };
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    if (!settles) {
      await Promise.race([this.#momentToKill(), ended]);
      child.kill('SIGKILL');
    }
    const [status, signal]: unknown[] = await ended;
    const isAsMeant = settles ? status === 0 : signal === 'SIGKILL';
    if (!isAsMeant) this.#oddEnds.push(`${account.account}, life ${life}: ${String(status ?? signal)}`);
  }

  /** Some while after an order has been written down; or, now and then, while the program starts or asks. */
  async #momentToKill(): Promise<void> {
    const { journalFile, random } = this.#world;
    const isEarly = random() * EARLY_KILLS_IN < 1;
    const afterMs = random();
    if (isEarly) return sleep(afterMs * 2 * START_MS);
    // An order in the middle of a life: the first ones are those of the life before.
    const ordersBefore = Math.floor(random() * 4);
    for (let seen = 0, size = (await stat(journalFile)).size; seen <= ordersBefore;) {
      await sleep(1);
      const { size: now } = await stat(journalFile);
      if (now > size && (await lastLine(journalFile))?.type === 'intent') seen += 1;
      size = now;
    }
    await sleep(afterMs * KILL_AFTER_MS_MAX);
  }
}

async function lastLine(file: string): Promise<TraderLine | undefined> {
  return readLines(await readFile(file, 'utf8')).at(-1);
}

function summarize(
  histories: readonly History[],
  journal: readonly JournalRecord[],
  kills: number,
): OrderKillsReport {
  const made = new Map<string, string[]>();
  for (const { account, clientRef, effect } of journal) {
    if (effect?.kind !== 'order') continue;
    const name = `${account ?? ''} ${clientRef ?? ''}`;
    made.set(name, [...(made.get(name) ?? []), ...effect.ids]);
  }
  const lines = histories.flatMap(({ account, lines: all }) => all.map((line) => ({ account, line })));
  const intents = lines.flatMap(({ account, line }) =>
    line.type === 'intent' ? [`${account} ${line.order.cl_ord_id ?? ''}`] : [],
  );
  const refused = new Set(
    lines.flatMap(({ account, line }) =>
      line.type === 'failed' && line.outcome === 'not-executed' ? [`${account} ${line.clOrdId}`] : [],
    ),
  );
  return {
    kills,
    orders: intents.length,
    found: lines.filter(({ line }) => line.type === 'placed' && line.known === 'asked').length,
    refused: refused.size,
    doubled: intents.filter((name) => (made.get(name) ?? []).length > 1),
    lost: intents.filter((name) => !made.has(name) && !refused.has(name)),
    misreported: lines.flatMap(({ account, line }) =>
      misreport(line, made.get(`${account} ${nameOf(line)}`)),
    ),
    oddEnds: histories.flatMap(({ oddEnds }) => oddEnds),
  };
}

function nameOf(line: TraderLine): string {
  return line.type === 'intent' ? (line.order.cl_ord_id ?? '') : line.clOrdId;
}

/** A refusal must have had no effect, and an order that was placed must be one of those that exist. */
function misreport(line: TraderLine, ids: readonly string[] = []): readonly string[] {
  if (line.type === 'intent') return [];
  if (line.type === 'placed') {
    return line.txid.every((txid) => ids.includes(txid))
      ? []
      : [`${line.clOrdId}: told ${line.txid.join()}, exists ${ids.join()}`];
  }
  return line.outcome === 'not-executed' && ids.length === 0 ? [] : [`${line.clOrdId}: ${line.message}`];
}
