import { describe, expect, it } from 'vitest';
import { ApiLock } from './api-lock.ts';
import { ApiLockQueueFullError, NoPassError } from './api-lock-errors.ts';
import type { TurnOptions } from './coordinator.ts';
import type { LaneGate, LaneGrant } from './lane-gate.ts';
import { ManualRuntime } from '../manual-runtime.test-support.ts';

/** A pass that the test grants or refuses. */
class ManualPass implements LaneGrant {
  readonly label: string;
  readonly granted: Promise<void>;
  grant: () => void = () => undefined;
  refuse: (reason: Error) => void = () => undefined;
  timesLeft = 0;

  constructor(label: string) {
    this.label = label;
    this.granted = new Promise((resolve, reject) => {
      this.grant = resolve;
      this.refuse = reject;
    });
  }

  leave(): void {
    this.timesLeft += 1;
  }

  drawNonce(): bigint {
    return 1n;
  }

  raiseFloor(): void {}
}

/** Lets every microtask that can run do so. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Part of a lane that others share: the test decides which turns get the whole of it. */
class SharedLane implements LaneGate {
  readonly runtime: ManualRuntime = new ManualRuntime();
  readonly passes: ManualPass[] = [];
  readonly log: string[] = [];
  readonly lock: ApiLock;
  readonly #ends = new Map<string, () => void>();

  constructor(waitersMax?: number) {
    this.lock = new ApiLock({ runtime: this.runtime, gate: this, waitersMax });
  }

  enqueue(label: string): ManualPass {
    const pass = new ManualPass(label);
    this.passes.push(pass);
    return pass;
  }

  pass(n: number): ManualPass {
    return this.passes[n - 1] ?? expect.fail(`nobody asked for pass ${n}`);
  }

  /** A turn that lasts until {@link end}. */
  turn(label: string, options: TurnOptions = {}): Promise<LaneGrant> {
    return this.lock.runExclusive(
      async () => {
        this.log.push(`${label}+`);
        const pass = this.lock.pass();
        await new Promise<void>((resolve) => this.#ends.set(label, resolve));
        this.log.push(`${label}-`);
        return pass;
      },
      { label, ...options },
    );
  }

  async end(label: string): Promise<void> {
    (this.#ends.get(label) ?? expect.fail(`${label} has not begun`))();
    await settle();
  }

  async grant(n: number): Promise<void> {
    this.pass(n).grant();
    await settle();
  }

  get waiting(): readonly string[] {
    return this.lock.waiting().map(({ label }) => label);
  }

  get timesLeft(): readonly number[] {
    return this.passes.map(({ timesLeft }) => timesLeft);
  }
}

describe('a lock whose lane others share', () => {
  it('asks for a pass for each outermost turn, at once, and begins it when that is granted', async () => {
    const lane = new SharedLane();
    const turns = [lane.turn('a'), lane.turn('b')];
    await settle();
    expect(lane.passes.map(({ label }) => label)).toEqual(['a', 'b']);
    expect([lane.log, lane.lock.isHeld, lane.waiting]).toEqual([[], false, ['a', 'b']]);
    await lane.grant(1);
    expect([lane.log, lane.lock.isHeld, lane.waiting]).toEqual([['a+'], true, ['b']]);
    await lane.end('a');
    expect([lane.timesLeft, lane.lock.isHeld]).toEqual([[1, 0], false]);
    await lane.grant(2);
    await lane.end('b');
    expect(await Promise.all(turns)).toEqual(lane.passes);
    expect(lane.timesLeft).toEqual([1, 1]);
  });

  it('asks for none for nested turns, and keeps the pass until the last of them has ended', async () => {
    const lane = new SharedLane();
    let nested: Promise<LaneGrant> | undefined;
    const outer = lane.lock.runExclusive(() => void (nested = lane.turn('nested')));
    await lane.grant(1);
    await outer;
    expect([lane.log, lane.passes.length, lane.timesLeft]).toEqual([['nested+'], 1, [0]]);
    await lane.end('nested');
    expect(await nested).toBe(lane.pass(1));
    expect(lane.timesLeft).toEqual([1]);
  });

  it('enters in the order of asking with whichever pass is granted first', async () => {
    const lane = new SharedLane();
    const turns = ['a', 'b', 'c'].map((label) => lane.turn(label));
    for (const [granted, label] of [
      [3, 'a'],
      [1, 'b'],
      [2, 'c'],
    ] as const) {
      await lane.grant(granted);
      expect(lane.log.at(-1)).toBe(`${label}+`);
      expect(lane.pass(granted).timesLeft).toBe(0);
      await lane.end(label);
      expect(lane.pass(granted).timesLeft).toBe(1);
    }
    expect(await Promise.all(turns)).toEqual([lane.pass(3), lane.pass(1), lane.pass(2)]);
  });

  it('lets in first what comes back to an earlier place', async () => {
    const lane = new SharedLane();
    const place = lane.lock.takePlace();
    const turns = [lane.turn('b'), lane.turn('a', { place })];
    expect(lane.waiting).toEqual(['a', 'b']);
    await lane.grant(1);
    await lane.end('a');
    await lane.grant(2);
    await lane.end('b');
    expect(lane.log).toEqual(['a+', 'a-', 'b+', 'b-']);
    await Promise.all(turns);
  });

  it('ends the turn whose pass is refused, with the reason, and no other', async () => {
    const lane = new SharedLane();
    const [a, b] = [lane.turn('a'), lane.turn('b')];
    const refused = expect(a).rejects.toThrow('out of reach');
    lane.pass(1).refuse(new Error('out of reach'));
    await refused;
    expect([lane.waiting, lane.timesLeft, lane.lock.isHeld]).toEqual([['b'], [1, 0], false]);
    await lane.grant(2);
    await lane.end('b');
    expect(await b).toBe(lane.pass(2));
    expect(lane.log).toEqual(['b+', 'b-']);
  });

  it('ends the turn that holds a pass when that is refused, not the one that asked for it', async () => {
    const lane = new SharedLane();
    const [a, b] = [lane.turn('a'), lane.turn('b')];
    await lane.grant(2);
    const refused = expect(b).rejects.toThrow('out of reach');
    lane.pass(1).refuse(new Error('out of reach'));
    await refused;
    await lane.end('a');
    expect(await a).toBe(lane.pass(2));
    expect(lane.timesLeft).toEqual([1, 1]);
  });

  it('gives the place of a waiter up that leaves, by cancellation or at its time limit', async () => {
    const lane = new SharedLane();
    const change = new AbortController();
    const leaving = [
      lane.turn('cancelled', { signal: change.signal }),
      lane.turn('late', { waitTimeoutMs: 50 }),
    ].map((turn) => turn.catch((error: { code: string }) => error.code));
    const stays = lane.turn('stays');
    change.abort();
    lane.runtime.advance(50);
    expect(await Promise.all(leaving)).toEqual(['lane_wait_cancelled', 'lane_wait_timed_out']);
    expect([lane.waiting, lane.timesLeft]).toEqual([['stays'], [1, 1, 0]]);
    for (const n of [1, 2]) await lane.grant(n);
    expect([lane.log, lane.lock.isHeld]).toEqual([[], false]);
    await lane.grant(3);
    await lane.end('stays');
    expect(await stays).toBe(lane.pass(3));
  });

  it('asks for no pass for a turn that finds the queue full, and goes on with the others', async () => {
    const lane = new SharedLane(1);
    const waits = lane.turn('waits');
    await expect(lane.turn('one too many')).rejects.toThrow(ApiLockQueueFullError);
    expect([lane.waiting, lane.passes.length]).toEqual([['waits'], 1]);
    await lane.grant(1);
    await lane.end('waits');
    expect(await waits).toBe(lane.pass(1));
  });

  it('begins no turn that leaves in the moment in which its pass is granted', async () => {
    const lane = new SharedLane();
    const change = new AbortController();
    const leaves = lane
      .turn('leaves', { signal: change.signal })
      .catch((error: { code: string }) => error.code);
    lane.pass(1).grant();
    change.abort();
    expect(await leaves).toBe('lane_wait_cancelled');
    expect([lane.log, lane.lock.isHeld, lane.waiting, lane.timesLeft]).toEqual([[], false, [], [1]]);
  });

  it('counts a waiter once that leaves in the moment in which its pass is refused', async () => {
    const lane = new SharedLane(1);
    const change = new AbortController();
    const leaves = lane
      .turn('leaves', { signal: change.signal })
      .catch((error: { code: string }) => error.code);
    lane.pass(1).refuse(new Error('out of reach'));
    change.abort();
    expect([await leaves, lane.timesLeft]).toEqual(['lane_wait_cancelled', [1]]);
    const waits = lane.turn('waits');
    await expect(lane.turn('one too many')).rejects.toThrow(ApiLockQueueFullError);
    await lane.grant(2);
    await lane.end('waits');
    expect(await waits).toBe(lane.pass(2));
  });

  it('gives up the pass that a waiter holds when it leaves, which may be another than it asked for', async () => {
    const lane = new SharedLane();
    const change = new AbortController();
    const first = lane.turn('a');
    const second = lane.turn('b', { signal: change.signal }).catch((error: { code: string }) => error.code);
    await lane.grant(2);
    change.abort();
    expect(await second).toBe('lane_wait_cancelled');
    expect(lane.timesLeft).toEqual([1, 0]);
    await lane.end('a');
    expect(await first).toBe(lane.pass(2));
    expect(lane.timesLeft).toEqual([1, 1]);
  });

  describe('and is lost while a turn goes on', () => {
    async function lost(options: TurnOptions = {}): Promise<{ lane: SharedLane; turns: Promise<unknown>[] }> {
      const lane = new SharedLane();
      const turns: Promise<unknown>[] = [
        lane.turn('a'),
        lane.turn('b', options).catch((error: { code: string }) => error.code),
        lane.turn('c'),
      ];
      await lane.grant(1);
      await lane.grant(2);
      return { lane, turns };
    }

    it('lets nothing in beside that turn, though it holds a pass that is granted', async () => {
      const { lane, turns } = await lost();
      expect([lane.log, lane.waiting]).toEqual([['a+'], ['b', 'c']]);
      await lane.end('a');
      expect([lane.log.at(-1), lane.waiting]).toEqual(['b+', ['c']]);
      await lane.end('b');
      await lane.grant(3);
      await lane.end('c');
      expect(await Promise.all(turns)).toEqual(lane.passes);
      expect(lane.timesLeft).toEqual([1, 1, 1]);
    });

    it('gives the granted pass up when its turn leaves before it begins', async () => {
      const { lane, turns } = await lost({ waitTimeoutMs: 50 });
      lane.runtime.advance(50);
      expect(await turns[1]).toBe('lane_wait_timed_out');
      expect([lane.waiting, lane.timesLeft]).toEqual([['c'], [0, 1, 0]]);
      await lane.grant(3);
      await lane.end('a');
      await lane.end('c');
      expect(lane.log).toEqual(['a+', 'a-', 'c+', 'c-']);
    });
  });

  it('shows who holds it and who waits, inside before outside', async () => {
    const lane = new SharedLane();
    const inside: Promise<unknown>[] = [];
    const outer = lane.lock.runExclusive(
      async () => {
        inside.push(lane.turn('first'), lane.turn('second'));
        await Promise.all(inside);
      },
      { label: 'outer' },
    );
    const outside = lane.turn('outside');
    await lane.grant(1);
    lane.runtime.advance(7);
    expect(lane.lock.holder()).toEqual({ label: 'first', within: ['outer'], forMs: 7 });
    expect(lane.waiting).toEqual(['second', 'outside']);
    for (const label of ['first', 'second']) await lane.end(label);
    await outer;
    await lane.grant(2);
    await lane.end('outside');
    await outside;
  });
});

describe('the pass of the running code', () => {
  it('is that of the outermost turn, however deep the code runs', async () => {
    const lane = new SharedLane();
    const { lock } = lane;
    const pass = lock.runExclusive(() => lock.runExclusive(() => lock.runExclusive(() => lock.pass())));
    await lane.grant(1);
    expect(await pass).toBe(lane.pass(1));
  });

  it('is none outside a turn, and none where the lane is not shared', async () => {
    expect(() => new SharedLane().lock.pass()).toThrow(NoPassError);
    const alone = new ApiLock({ runtime: new ManualRuntime() });
    await expect(alone.runExclusive(() => alone.pass())).rejects.toThrow(NoPassError);
  });
});

describe('a place', () => {
  it('rises with each that is taken, and is none inside a turn', async () => {
    const lock = new ApiLock({ runtime: new ManualRuntime() });
    const [first, second] = [lock.takePlace(), lock.takePlace()];
    expect([first, second]).toEqual([1, 2]);
    expect(await lock.runExclusive(() => lock.takePlace())).toBeUndefined();
    expect(lock.takePlace()).toBeGreaterThan(2);
  });
});
