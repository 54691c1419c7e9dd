/**
 * What happens to the lane when the things around it break: on a real server, over connections that are cut and
 * stalled, with processes that are killed and stopped. Every wait has a lower bound only: how long a busy machine
 * takes is nobody's promise.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openLoopbackProxy } from '../harness/run/coordination/loopback-proxy.ts';
import { startDatabase } from '../harness/run/coordination/database.ts';
import type { Database } from '../harness/run/coordination/database.ts';
import type { LoopbackProxy } from '../harness/run/coordination/loopback-proxy.ts';
import { LaneLostError, systemRuntime } from '../src/index.ts';
import type { Runtime, Turn } from '../src/index.ts';
import { openConnection } from '../src/lane/postgres/connection.ts';
import type { Connection } from '../src/lane/postgres/connection.ts';
import {
  createPostgresCoordinator,
  createPostgresSchema,
  postgresGrantsSql,
  PostgresRefusedError,
  PostgresUnreachableError,
} from '../src/lane/postgres/index.ts';
import type { PostgresCoordinator, PostgresCoordinatorOptions } from '../src/lane/postgres/index.ts';
import { namesIn } from '../src/lane/postgres/names.ts';
import { statementsFor } from '../src/lane/postgres/statements.ts';
import { openPoolingProxy } from './pooling-proxy.test-support.ts';
import type { ProcessOrder, ProcessReport } from './postgres-process.test-support.ts';

/** A session that gets no answer for half of it is given up: on a busy machine, an answer takes a while. */
const SETTLING_MS = 1_500;
/** No test waits for so long: a turn that is granted did not have to settle anything. */
const NEVER_MS = 3_600_000;
const PROGRAM = join(inject('compiled'), 'properties/postgres-process.test-support.js');

let database: Database;
let worlds = 0;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.stop());

/** A schema of its own, and everybody who shares the lane in it: tests go on side by side. */
class World {
  readonly schema: string;
  readonly #cleanUps: (() => unknown)[] = [];

  private constructor(onTestFinished: OnTestFinished) {
    worlds += 1;
    this.schema = `failures_${worlds}`;
    onTestFinished(async () => {
      for (const cleanUp of this.#cleanUps.toReversed()) await cleanUp();
    });
  }

  static async open(onTestFinished: OnTestFinished): Promise<World> {
    const world = new World(onTestFinished);
    await createPostgresSchema({ url: database.url(), schema: world.schema });
    return world;
  }

  participant(options: Partial<PostgresCoordinatorOptions> = {}): PostgresCoordinator {
    const { schema } = this;
    const url = database.url();
    const coordinator = createPostgresCoordinator({ url, schema, settlingMs: SETTLING_MS, ...options });
    this.#cleanUps.push(() => coordinator.close());
    return coordinator;
  }

  process(url: string = database.url(), settlingMs: number = SETTLING_MS): TestProcess {
    const started = new TestProcess([url, this.schema, String(settlingMs)]);
    this.#cleanUps.push(() => started.signal('SIGKILL'));
    return started;
  }

  async proxy(): Promise<LoopbackProxy> {
    const opened = await openLoopbackProxy(database.port);
    this.#cleanUps.push(() => opened.close());
    return opened;
  }

  async poolingProxy(): ReturnType<typeof openPoolingProxy> {
    const opened = await openPoolingProxy(database.port);
    this.#cleanUps.push(() => opened.close());
    return opened;
  }

  /** The sessions of the tickets in the queue, lowest ticket first. A turn's ticket stays until the turn ends. */
  queuedSessions(): Promise<readonly string[]> {
    return asOwner((connection) => this.#queuedSessions(connection));
  }

  /** Waits until the queue is as expected. */
  queueIs(isExpected: (sessions: readonly string[]) => boolean): Promise<void> {
    return asOwner(async (connection) => {
      while (!isExpected(await this.#queuedSessions(connection))) await sleep(2);
    });
  }

  async #queuedSessions(connection: Connection): Promise<readonly string[]> {
    const rows = await connection.query(`SELECT session FROM ${this.schema}.ticket ORDER BY ticket`);
    return rows.map(({ session }) => String(session));
  }

  /** Whoever leaves a turn does not wait for the database to hear of it. */
  laneIsLeft(): Promise<void> {
    return asOwner(async (connection) => {
      const held = `SELECT 1 FROM ${this.schema}.lane WHERE holder IS NOT NULL`;
      while ((await connection.query(held)).length > 0) await sleep(2);
    });
  }
}

type OnTestFinished = (cleanUp: () => Promise<void>) => void;

const nothing = (): void => undefined;

/** Does something as the owner of the database. */
async function asOwner<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = openConnection({ url: database.url(), onNotify: nothing, onClose: nothing });
  return run(connection).finally(() => connection.destroy());
}

function sql(text: string): Promise<void> {
  return asOwner((connection) => connection.script(text));
}

interface Held {
  readonly turn: Turn;
  leave(): void;
  readonly over: Promise<void>;
}

/** Takes a turn and stays in it. */
async function hold(coordinator: PostgresCoordinator): Promise<Held> {
  let leave: () => void = () => undefined;
  let entered: (turn: Turn) => void = () => undefined;
  const turn = new Promise<Turn>((resolve) => (entered = resolve));
  const over = coordinator.turn('key', (given) => {
    entered(given);
    return new Promise<void>((resolve) => (leave = resolve));
  });
  over.catch(() => undefined);
  return { turn: await turn, leave: () => leave(), over };
}

/** Turns that were asked for one after the other, and the order in which they were granted. */
class Queue {
  readonly #granted: string[] = [];
  readonly #turns: Promise<void>[] = [];

  /** Asks for a turn, and waits until it has a place in the queue. */
  async ask(who: PostgresCoordinator, name: string, run: (turn: Turn) => unknown = nothing): Promise<void> {
    this.#turns.push(
      who.turn('key', async (turn) => {
        this.#granted.push(name);
        await run(turn);
      }),
    );
    await placed(who);
  }

  async order(): Promise<readonly string[]> {
    await Promise.all(this.#turns);
    return this.#granted;
  }
}

/** One participant whose way to the database can be cut, and one whose way cannot. */
async function twoParticipants(onTestFinished: OnTestFinished): Promise<{
  readonly world: World;
  readonly way: LoopbackProxy;
  readonly cut: PostgresCoordinator;
  readonly other: PostgresCoordinator;
  readonly queue: Queue;
}> {
  const world = await World.open(onTestFinished);
  const way = await world.proxy();
  const cut = world.participant({ url: database.url(way.port), settlingMs: NEVER_MS });
  const other = world.participant({ settlingMs: NEVER_MS });
  return { world, way, cut, other, queue: new Queue() };
}

/** A turn that draws one nonce. */
function draw(coordinator: PostgresCoordinator): Promise<bigint> {
  return coordinator.turn('key', async (turn) => turn.drawNonce());
}

async function timed<T>(run: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const sinceMs = performance.now();
  const result = await run();
  return { result, ms: performance.now() - sinceMs };
}

async function placed(coordinator: PostgresCoordinator): Promise<void> {
  while (coordinator.unplaced > 0) await sleep(2);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A process of its own with a coordinator. */
class TestProcess {
  readonly #child: ChildProcess;
  readonly #reports: ProcessReport[] = [];
  #arrived: () => void = () => undefined;

  constructor(args: readonly string[]) {
    this.#child = fork(PROGRAM, args);
    this.#child.on('message', (report: ProcessReport) => {
      this.#reports.push(report);
      this.#arrived();
    });
  }

  tell(order: ProcessOrder): void {
    this.#child.send(order);
  }

  async report<K extends ProcessReport['kind']>(kind: K): Promise<Extract<ProcessReport, { kind: K }>> {
    for (;;) {
      const found = this.#reports.find((report) => report.kind === kind);
      if (found !== undefined) return found as Extract<ProcessReport, { kind: K }>;
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

async function reasonOf(asking: Promise<unknown>): Promise<unknown> {
  const error = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PostgresRefusedError) return error.reason;
  throw new Error(`Expected a refusal, got ${String(error)}.`);
}

function skewed(ms: number): Runtime['clock'] {
  const { clock } = systemRuntime;
  return { wallNs: () => clock.wallNs() + BigInt(ms) * 1_000_000n, monotonicMs: () => clock.monotonicMs() };
}

/** Notes what a timer is set to, and lets long settling times pass at once. */
function recordingTimers(waits: number[]): Runtime {
  const { timers } = systemRuntime;
  const setTimeout: Runtime['timers']['setTimeout'] = (run, ms) => {
    waits.push(ms);
    return timers.setTimeout(run, ms === 50_000 ? 1 : ms);
  };
  return { ...systemRuntime, timers: { ...timers, setTimeout } };
}

describe.concurrent('postgres coordinator, when a process dies', () => {
  it('frees the lane of a killed holder after the settling time, and goes on above its nonces', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const killed = world.process();
    killed.tell({ kind: 'hold' });
    await killed.report('in-turn');
    killed.tell({ kind: 'draw' });
    const { nonce } = await killed.report('nonce');
    const next = world.participant();
    const waiting = timed(() => draw(next));
    await placed(next);
    killed.signal('SIGKILL');
    const { ms, result } = await waiting;
    expect(ms).toBeGreaterThanOrEqual(SETTLING_MS - 1);
    expect(result).toBeGreaterThan(BigInt(nonce));
  });

  it.for([
    { killedMs: SETTLING_MS, nextMs: 50_000, settledMs: 50_000 },
    { killedMs: 50_000, nextMs: SETTLING_MS, settledMs: 50_000 },
    { killedMs: SETTLING_MS, nextMs: SETTLING_MS, settledMs: SETTLING_MS },
  ])(
    'waits the longer settling time of two: $killedMs ms and $nextMs ms',
    async (times, { onTestFinished }) => {
      const world = await World.open(onTestFinished);
      const killed = world.process(database.url(), times.killedMs);
      killed.tell({ kind: 'hold' });
      await killed.report('in-turn');
      const waits: number[] = [];
      const next = world.participant({ settlingMs: times.nextMs, runtime: recordingTimers(waits) });
      const waiting = draw(next);
      await placed(next);
      killed.signal('SIGKILL');
      await waiting;
      expect(waits).toContain(times.settledMs);
    },
  );

  it('passes over a waiter that is killed, and settles nothing', async ({ onTestFinished }) => {
    const world = await World.open(onTestFinished);
    const first = world.participant({ settlingMs: NEVER_MS });
    const held = await hold(first);
    const killed = world.process(database.url(), NEVER_MS);
    killed.tell({ kind: 'wait' });
    await killed.report('waiting');
    const next = draw(world.participant({ settlingMs: NEVER_MS }));
    killed.signal('SIGKILL');
    held.leave();
    expect(await next).toBeGreaterThan(0n);
  });

  it('waits for a holder that is stopped, for as long as it takes, and lets it finish', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const stopped = world.process();
    stopped.tell({ kind: 'hold' });
    await stopped.report('in-turn');
    stopped.signal('SIGSTOP');
    let hasBegun = false;
    const next = world.participant().turn('key', async () => {
      hasBegun = true;
    });
    await sleep(2 * SETTLING_MS);
    expect(hasBegun).toBe(false);
    stopped.signal('SIGCONT');
    stopped.tell({ kind: 'draw' });
    expect(await stopped.report('nonce')).toHaveProperty('nonce');
    stopped.tell({ kind: 'leave' });
    await stopped.report('left');
    await next;
  });

  it('lets nothing leave whose nonce is older than half of the settling time', async ({ onTestFinished }) => {
    const world = await World.open(onTestFinished);
    const settlingMs = 60_000;
    let nowMs = 0;
    const clock = { ...systemRuntime.clock, monotonicMs: () => nowMs };
    const stopped = world.participant({ settlingMs, runtime: { ...systemRuntime, clock } });
    const held = await hold(stopped);
    const before = await held.turn.drawNonce();
    expect(held.turn.shouldSend?.()).toBe(true);
    nowMs = settlingMs / 2;
    expect(held.turn.shouldSend?.()).toBe(true);
    nowMs += 1;
    expect(held.turn.shouldSend?.()).toBe(false);
    expect(await held.turn.drawNonce()).toBeGreaterThan(before);
    expect(held.turn.shouldSend?.()).toBe(true);
    held.leave();
    await held.over;
    expect(held.turn.shouldSend?.()).toBe(false);
  });

  it('gives a holder that was stopped while its connection was cut no nonce when it wakes up', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const way = await world.proxy();
    const stopped = world.process(database.url(way.port), SETTLING_MS);
    stopped.tell({ kind: 'hold' });
    await stopped.report('in-turn');
    stopped.signal('SIGSTOP');
    way.cut();
    const next = await timed(() => draw(world.participant()));
    expect(next.ms).toBeGreaterThanOrEqual(SETTLING_MS - 1);
    stopped.tell({ kind: 'draw' });
    stopped.signal('SIGCONT');
    expect(await stopped.report('refused')).toEqual({ kind: 'refused', code: 'lane_lost' });
  });

  it('passes over a waiter that is stopped when its turn has come, until it comes back', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const first = world.participant();
    const held = await hold(first);
    const stopped = world.process();
    stopped.tell({ kind: 'wait' });
    await stopped.report('waiting');
    stopped.signal('SIGSTOP');
    const other = world.participant();
    const next = draw(other);
    await placed(other);
    held.leave();
    await next;
    await draw(other);
    stopped.signal('SIGKILL');
  });
});

describe.concurrent('postgres coordinator, when the way to the database breaks', () => {
  it('loses the turn of a cut connection, and lets the next one in after the settling time', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const way = await world.proxy();
    const cut = world.participant({ url: database.url(way.port) });
    const next = world.participant();
    const held = await hold(cut);
    const before = await held.turn.drawNonce();
    const waiting = timed(() => draw(next));
    await placed(next);
    way.cut();
    const { ms, result } = await waiting;
    expect(ms).toBeGreaterThanOrEqual(SETTLING_MS - 1);
    expect(result).toBeGreaterThan(before);
    await expect(Promise.resolve().then(() => held.turn.drawNonce())).rejects.toThrow(LaneLostError);
    held.leave();
    await held.over;
    expect(await draw(cut)).toBeGreaterThan(result);
  });

  it('settles nothing when a connection is cut outside of a turn', async ({ onTestFinished }) => {
    const world = await World.open(onTestFinished);
    const way = await world.proxy();
    const cut = world.participant({ url: database.url(way.port), settlingMs: NEVER_MS });
    const first = await draw(cut);
    await world.laneIsLeft();
    way.cut();
    const second = await draw(world.participant({ settlingMs: NEVER_MS }));
    expect(second).toBeGreaterThan(first);
    expect(await draw(cut)).toBeGreaterThan(second);
  });

  it('keeps the lane for its holder when the tables are put back to an older backup under it', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const held = await hold(world.participant());
    const { schema } = world;
    await sql(`TRUNCATE ${schema}.ticket; UPDATE ${schema}.lane SET holder = NULL, server = 'of the backup'`);
    let hasBegun = false;
    const next = world.participant().turn('key', async () => void (hasBegun = true));
    await sleep(2 * SETTLING_MS);
    expect(hasBegun).toBe(false);
    held.leave();
    await next;
  });

  it('keeps the places of those that wait over a cut connection', async ({ onTestFinished }) => {
    const { cut, other, queue, world, way } = await twoParticipants(onTestFinished);
    const held = await hold(other);
    await queue.ask(other, '1');
    await queue.ask(cut, '2');
    await queue.ask(other, '3');
    await queue.ask(cut, '4');
    const [first, ...before] = await world.queuedSessions();
    expect(before).toEqual([first, before[1], first, before[1]]);
    way.cut();
    await world.queueIs(([_turn, _one, two, three, four]) => {
      return two !== before[1] && two === four && three === first;
    });
    held.leave();
    expect(await queue.order()).toEqual(['1', '2', '3', '4']);
  });

  it('passes over those whose connection stays away, and lets them in at their old place when it is back', async ({
    onTestFinished,
  }) => {
    const { cut, other, queue, world, way } = await twoParticipants(onTestFinished);
    const held = await hold(other);
    await queue.ask(other, '1');
    await queue.ask(cut, '2');
    const [turn = '', , away = ''] = await world.queuedSessions();
    await queue.ask(other, '3', async () => {
      way.resume();
      await world.queueIs((sessions) => sessions.some((session) => session !== turn && session !== away));
    });
    await queue.ask(other, '4');
    way.cut();
    way.stall();
    held.leave();
    expect(await queue.order()).toEqual(['1', '3', '2', '4']);
  });

  it('gives up a turn when the network is silent, and lets nobody in before the server knows', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const way = await world.proxy();
    const cutOff = world.participant({ url: database.url(way.port) });
    const held = await hold(cutOff);
    await held.turn.drawNonce();
    way.stall();
    const late = Promise.resolve().then(() => held.turn.drawNonce());
    let hasBegun = false;
    const next = timed(() => world.participant().turn('key', async () => void (hasBegun = true)));
    await expect(late).rejects.toThrow(LaneLostError);
    await sleep(2 * SETTLING_MS);
    expect(hasBegun).toBe(false);
    way.resume();
    expect((await next).ms).toBeGreaterThanOrEqual(3 * SETTLING_MS);
    held.leave();
  });

  it('refuses those that wait when the database stays out of reach', async ({ onTestFinished }) => {
    const world = await World.open(onTestFinished);
    const nowhere = world.participant({ url: 'postgres://nobody@127.0.0.1:1/nothing', unreachableMs: 100 });
    await expect(draw(nowhere)).rejects.toThrow(PostgresUnreachableError);
  });
});

describe.concurrent('postgres coordinator, when clocks differ or the database forgets', () => {
  it('hands out nonces above the old ones after the database was put back to an older backup', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    const behind = { ...systemRuntime, clock: skewed(-600_000) };
    const [ahead, survivor] = [
      world.participant({ runtime: { ...systemRuntime, clock: skewed(600_000) } }),
      world.participant({ runtime: behind }),
    ];
    await draw(ahead);
    await sql(`CREATE TABLE ${world.schema}.backup AS SELECT * FROM ${world.schema}.lane`);
    await draw(ahead);
    const last = await draw(survivor);
    await sql(`
      UPDATE ${world.schema}.lane SET mark = backup.mark, holder = NULL, server = 'of the backup'
        FROM ${world.schema}.backup WHERE backup.lane = lane.lane`);
    const newcomer = world.participant({ runtime: behind });
    const { ms, result } = await timed(() => draw(newcomer));
    expect(ms).toBeGreaterThanOrEqual(SETTLING_MS - 1);
    // A newcomer with a slow clock knows no better than the backup: that is when Kraken says EAPI:Invalid nonce.
    expect(result).toBeLessThan(last);
    expect(await draw(survivor)).toBeGreaterThan(last);
  });

  it('hands out rising nonces to hosts whose clocks are minutes apart', async ({ onTestFinished }) => {
    const world = await World.open(onTestFinished);
    const hosts = [0, 240_000, -240_000].map((ms) =>
      world.participant({ settlingMs: NEVER_MS, runtime: { ...systemRuntime, clock: skewed(ms) } }),
    );
    const nonces: bigint[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const host of hosts) nonces.push(await draw(host));
    }
    expect(nonces).toEqual([...new Set(nonces)].toSorted((a, b) => (a < b ? -1 : 1)));
  });
});

describe.concurrent('postgres coordinator, where it cannot be right', () => {
  it('refuses a proxy that pools transactions', async ({ onTestFinished }) => {
    const world = await World.open(onTestFinished);
    const pool = await world.poolingProxy();
    expect(await reasonOf(draw(world.participant({ url: database.url(pool.port) })))).toBe(
      'transaction_pooling',
    );
  });

  it('draws and notes no nonce in a session that is not in the turn', async ({ onTestFinished }) => {
    const { schema } = await World.open(onTestFinished);
    const {
      begin,
      draw: drawn,
      enter,
      openLane,
      openSession,
      raiseFloor,
      takeTickets,
    } = statementsFor(namesIn(schema));
    await asOwner((holder) =>
      asOwner(async (other) => {
        await holder.query(openSession, ['1']);
        await other.query(openSession, ['2']);
        await holder.query(openLane, ['global']);
        await holder.query(takeTickets, ['1', '["global"]']);
        await holder.query(enter, ['1', 'global', '1', '42', 'nonceproof.turn']);
        const inTurn = ['1', 'global', '1', '5', 'nonceproof.turn'];
        expect(await holder.query(begin, [...inTurn, '1', 'this server'])).toHaveLength(1);
        expect(await holder.query(drawn, inTurn)).toMatchObject([{ mark: '6' }]);
        for (const session of ['1', '2']) {
          const claimed = [session, ...inTurn.slice(1)];
          expect(await other.query(begin, [...claimed, '1', 'this server'])).toEqual([]);
          expect(await other.query(drawn, claimed)).toEqual([]);
          expect(await other.query(raiseFloor, claimed)).toEqual([]);
        }
        expect(await holder.query(drawn, inTurn)).toMatchObject([{ mark: '7' }]);
      }),
    );
  });

  it('refuses a schema that is not there, is of another scope, or may not be used', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    expect(await reasonOf(draw(world.participant({ schema: 'nowhere' })))).toBe('schema_missing');
    expect(await reasonOf(draw(world.participant({ scope: 'key' })))).toBe('scope_mismatch');
    await expect(
      createPostgresSchema({ url: database.url(), schema: world.schema, scope: 'key' }),
    ).rejects.toMatchObject({
      reason: 'scope_mismatch',
    });
    const wrong = new URL(database.url());
    wrong.password = 'wrong';
    expect(await reasonOf(draw(world.participant({ url: wrong.href })))).toBe('access_denied');
  });

  it('is made by several hosts at the same moment, again and again', async () => {
    for (let round = 0; round < 5; round += 1) {
      const options = { url: database.url(), schema: `made_at_once_${round}` };
      await Promise.all(Array.from({ length: 6 }, () => createPostgresSchema(options)));
    }
  });

  it('works with the rights that are documented, and with no more; making the schema again changes nothing', async ({
    onTestFinished,
  }) => {
    const world = await World.open(onTestFinished);
    await sql(`CREATE ROLE bot_${world.schema} LOGIN PASSWORD 'bot'`);
    const url = new URL(database.url());
    url.username = `bot_${world.schema}`;
    url.password = 'bot';
    const bot = world.participant({ url: url.href });
    expect(await reasonOf(draw(bot))).toBe('schema_missing');
    await sql(postgresGrantsSql(world.schema, `bot_${world.schema}`));
    const first = await draw(bot);
    await createPostgresSchema({ url: database.url(), schema: world.schema });
    expect(await draw(bot)).toBeGreaterThan(first);
    expect(await draw(world.participant())).toBeGreaterThan(first);
  });
});

/** One after the other: everybody would notice. */
describe('postgres coordinator, when the server is started again', () => {
  for (const crash of [false, true]) {
    const how = crash ? 'crashes and recovers' : 'is restarted';
    it(`settles the turn that was under way when the server ${how}, and keeps everybody's place`, async ({
      onTestFinished,
    }) => {
      const world = await World.open(onTestFinished);
      const [first, other] = [world.participant(), world.participant()];
      const held = await hold(first);
      const before = await held.turn.drawNonce();
      const nonces: bigint[] = [];
      const queue = new Queue();
      const drawn = async (turn: Turn): Promise<void> => void nonces.push(await turn.drawNonce());
      await queue.ask(other, '1', drawn);
      await queue.ask(first, '2', drawn);
      await queue.ask(other, '3', drawn);
      const sinceMs = performance.now();
      await database.restart({ crash });
      await expect(Promise.resolve().then(() => held.turn.drawNonce())).rejects.toThrow(LaneLostError);
      held.leave();
      const order = await queue.order();
      expect(performance.now() - sinceMs).toBeGreaterThanOrEqual(SETTLING_MS - 1);
      expect(order).toHaveLength(3);
      expect(order.filter((name) => name !== '2')).toEqual(['1', '3']);
      expect([before, ...nonces]).toEqual([before, ...nonces].toSorted((a, b) => (a < b ? -1 : 1)));
    });
  }

  it('refuses a read replica, and a role that may only read', async ({ onTestFinished }) => {
    const world = await World.open(onTestFinished);
    await sql(`ALTER ROLE postgres SET default_transaction_read_only = on`);
    const reading = world.participant();
    expect(await reasonOf(draw(reading))).toBe('read_only');
    await sql(`BEGIN READ WRITE; ALTER ROLE postgres RESET default_transaction_read_only; COMMIT`);
    await database.restart({ asReplica: true });
    expect(await reasonOf(draw(world.participant()))).toBe('read_only');
    await database.restart();
    // A refusal is not for ever: the next one asks anew.
    expect(await draw(reading)).toBeGreaterThan(0n);
  });
});
