import { afterEach, describe, expect, it } from 'vitest';
import { ApiLockWaitCancelledError, ApiLockWaitTimeoutError } from './api-lock-errors.ts';
import type { LaneScope, Turn } from './coordinator.ts';
import type { LaneCoordinator } from './lane-coordinator.ts';
import { NONCE_MAX, NONCE_MIN, NonceRangeError } from '../nonce/index.ts';
import { TurnEndedError } from './scoped-turn.ts';

/** One lane (or one for each key) and those who share it. */
export interface CoordinatorWorld {
  /** A coordinator each: of a thread, of a process. */
  readonly participants: readonly LaneCoordinator[];
  /** Resolves when every turn asked for so far has its place in the queue. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** An implementation of the coordinator, as the suite sees it. */
export interface CoordinatorKind {
  readonly name: string;
  open(options: { readonly scope: LaneScope; readonly participants: number }): Promise<CoordinatorWorld>;
  /** Cases that make no sense for it, each with the reason. */
  readonly skips?: Readonly<Partial<Record<SkippableCase, string>>>;
  /** Turns of the longest case. Default 1,000. */
  readonly manyTurns?: number;
}

/** The cases that a kind may skip. */
export type SkippableCase = 'participants-are-separate';

const KEY = 'key-1';

/** A promise that the test settles. */
interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

function gate(): Gate {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Long enough for whatever is possible to have happened; nothing fails for its being too short. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

/** What every coordinator must do, whatever it coordinates. */
export function coordinatorConformance(kind: CoordinatorKind): void {
  const worlds: CoordinatorWorld[] = [];
  const open = async (participants: number, scope: LaneScope = 'global') => {
    const world = await kind.open({ scope, participants });
    worlds.push(world);
    return new Bench(world);
  };
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.close()));
  });
  const itUnless = (skippable: SkippableCase, name: string, run: () => Promise<void>): void => {
    const reason = kind.skips?.[skippable];
    if (reason === undefined) it(name, run);
    else it.skip(`${name} (${kind.name}: ${reason})`, run);
  };

  describe(`coordinator: ${kind.name}`, () => {
    it('lets one turn in at a time, whoever asks', async () => {
      const bench = await open(3);
      await Promise.all(range(30).map((n) => bench.ask(n % 3, `turn ${n}`).done));
      expect(bench.mostAtOnce).toBe(1);
      expect(bench.begun).toHaveLength(30);
    });

    it('serves first who came first, across participants', async () => {
      const bench = await open(3);
      const until = gate();
      const asked = [bench.ask(0, 'first', () => until.opened)];
      for (const [n, who] of [1, 0, 2, 2, 1, 0, 0, 1, 2].entries()) {
        await bench.settled();
        asked.push(bench.ask(who, `${n} of ${who}`));
      }
      await bench.settled();
      until.open();
      await Promise.all(asked.map(({ done }) => done));
      expect(bench.begun).toEqual(['first', ...asked.slice(1).map(({ label }) => label)]);
    });

    it('hands out nonces that rise from turn to turn, 19 digits long', async () => {
      const bench = await open(3);
      const nonces: bigint[] = [];
      const draw = async (turn: Turn): Promise<void> => {
        nonces.push(await turn.drawNonce(), await turn.drawNonce());
      };
      await Promise.all(range(15).map((n) => bench.ask(n % 3, 'draws', draw).done));
      expect(nonces).toHaveLength(30);
      expect(nonces).toEqual([...new Set(nonces)].sort(ascending));
      for (const nonce of nonces) expect(nonce).toBeGreaterThanOrEqual(NONCE_MIN);
      for (const nonce of nonces) expect(nonce).toBeLessThanOrEqual(NONCE_MAX);
    });

    it('draws above a floor that another participant raised', async () => {
      const bench = await open(2);
      const floor = (await bench.draw(0)) + 60_000_000_000n;
      await bench.ask(0, 'raises', async (turn) => turn.raiseFloor(floor)).done;
      const above = await bench.draw(1);
      expect(above).toBeGreaterThan(floor);
      await bench.ask(1, 'lower', async (turn) => turn.raiseFloor(floor - 5n)).done;
      expect(await bench.draw(0)).toBeGreaterThan(above);
      // By steps of one: a floor far ahead of the clock must not drift away further.
      expect(await bench.draw(0)).toBeLessThan(floor + 100n);
    });

    it('refuses a floor beyond which there is no nonce', async () => {
      const bench = await open(1);
      const raise = bench.ask(0, 'raises', async (turn) => turn.raiseFloor(NONCE_MAX)).done;
      await expect(raise).rejects.toThrow(NonceRangeError);
      expect(await bench.draw(0)).toBeLessThan(NONCE_MAX);
    });

    it('draws no nonce for a turn that has ended', async () => {
      const bench = await open(1);
      let kept: Turn | undefined;
      await bench.ask(0, 'keeps', async (turn) => void (kept = turn)).done;
      await expect(Promise.resolve().then(() => kept?.drawNonce())).rejects.toThrow(TurnEndedError);
    });

    it('grants a turn inside a turn at once, and keeps others out until the outer one ends', async () => {
      const bench = await open(2);
      const othersWait = gate();
      const outer = bench.ask(0, 'outer', async () => {
        await othersWait.opened;
        await bench.ask(0, 'inner').done;
        await aWhile();
      });
      await bench.settled();
      const other = bench.ask(1, 'other');
      await bench.settled();
      othersWait.open();
      await Promise.all([outer.done, other.done]);
      expect(bench.begun).toEqual(['outer', 'inner', 'other']);
      expect(bench.ended).toEqual(['inner', 'outer', 'other']);
    });

    it('runs turns started side by side in one turn one after the other', async () => {
      const bench = await open(2);
      const other = bench.ask(0, 'outer', async () => {
        await Promise.all(range(4).map((n) => bench.ask(0, `child ${n}`, aWhile).done));
      });
      await bench.settled();
      await Promise.all([other.done, bench.ask(1, 'other').done]);
      expect(bench.mostLeavesAtOnce).toBe(1);
      expect(bench.begun.at(-1)).toBe('other');
    });

    it('keeps the lane for a turn that its parent did not await', async () => {
      const bench = await open(2);
      const slow = gate();
      let child: Promise<unknown> | undefined;
      await bench.ask(0, 'outer', async () => {
        child = bench.ask(0, 'child', () => slow.opened).done;
      }).done;
      const other = bench.ask(1, 'other');
      await bench.settled();
      await aWhile();
      expect(bench.begun).toEqual(['outer', 'child']);
      slow.open();
      await Promise.all([child, other.done]);
      expect(bench.begun).toEqual(['outer', 'child', 'other']);
    });

    it('makes what was left running after its turn queue again, behind others', async () => {
      const bench = await open(2);
      const later = gate();
      let detached: Promise<unknown> | undefined;
      await bench.ask(0, 'outer', async () => {
        detached = later.opened.then(() => bench.ask(0, 'detached').done);
      }).done;
      const hold = gate();
      const other = bench.ask(1, 'other', () => hold.opened);
      await bench.settled();
      later.open();
      await aWhile();
      expect(bench.begun).not.toContain('detached');
      hold.open();
      await Promise.all([other.done, detached]);
      expect(bench.begun).toEqual(['outer', 'other', 'detached']);
    });

    itUnless(
      'participants-are-separate',
      'takes no participant for another: only its own turns nest',
      async () => {
        const bench = await open(2);
        let other: Promise<unknown> | undefined;
        await bench.ask(0, 'outer', async () => {
          other = bench.ask(1, 'other').done;
          await bench.settled();
          await aWhile();
        }).done;
        await other;
        expect(bench.ended).toEqual(['outer', 'other']);
      },
    );

    it('lets a turn come back to its place, before those of its participant that were asked for later', async () => {
      const bench = await open(2);
      const place = bench.participants[0]?.takePlace?.(KEY);
      expect(place).toBeTypeOf('number');
      await bench.ask(0, 'comes', undefined, { place }).done;
      const until = gate();
      const asked = [bench.ask(1, 'holds', () => until.opened)];
      for (const who of [0, 1, 0]) {
        await bench.settled();
        asked.push(bench.ask(who, `later, of ${who}`));
      }
      await bench.settled();
      asked.push(bench.ask(0, 'comes back', undefined, { place }));
      await bench.settled();
      until.open();
      await Promise.all(asked.map(({ done }) => done));
      expect(bench.begun.slice(0, 3)).toEqual(['comes', 'holds', 'comes back']);
      expect(bench.begun.toSorted()).toEqual(['comes', ...asked.map(({ label }) => label)].toSorted());
      expect(bench.mostAtOnce).toBe(1);
    });

    it('loses no turn when one that comes back gives up', async () => {
      const bench = await open(2);
      for (const [before, after] of [
        [0, 0],
        [1, 0],
        [1, 1],
      ] as const) {
        const [until, change] = [gate(), new AbortController()];
        const place = bench.participants[0]?.takePlace?.(KEY);
        const holds = bench.ask(before, 'holds', () => until.opened);
        await bench.settled();
        const later = [bench.ask(0, 'later'), bench.ask(after, 'last')];
        await bench.settled();
        const back = bench.ask(0, 'back', undefined, { place, signal: change.signal }).done;
        const outcome = expect(back).rejects.toThrow(ApiLockWaitCancelledError);
        await bench.settled();
        change.abort();
        await outcome;
        until.open();
        await Promise.all([holds, ...later].map(({ done }) => done));
      }
      expect(bench.begun).not.toContain('back');
      expect(bench.mostAtOnce).toBe(1);
    });

    it('has no place for code inside a turn, and one for what was left running after it', async () => {
      const bench = await open(1);
      const [participant] = bench.participants;
      const later = gate();
      let detached: Promise<number | undefined> | undefined;
      await bench.ask(0, 'outer', async () => {
        detached = later.opened.then(() => participant?.takePlace?.(KEY));
        await bench.ask(0, 'inner', async () => {
          expect(participant?.takePlace?.(KEY)).toBeUndefined();
        }).done;
      }).done;
      later.open();
      expect(await detached).toBeTypeOf('number');
    });

    it('settles as the function does, and frees the lane when it throws', async () => {
      const bench = await open(2);
      const failing = bench.ask(0, 'fails', () => Promise.reject(new Error('no')));
      await expect(failing.done).rejects.toThrow('no');
      await bench.ask(1, 'next').done;
      expect(bench.ended).toEqual(['fails', 'next']);
    });

    it('never begins a turn that was cancelled while it waited, and lets the next one in', async () => {
      const bench = await open(2);
      const [until, change] = [gate(), new AbortController()];
      const first = bench.ask(0, 'first', () => until.opened);
      await bench.settled();
      const cancelled = bench.ask(1, 'cancelled', undefined, { signal: change.signal });
      const outcome = expect(cancelled.done).rejects.toThrow(ApiLockWaitCancelledError);
      await bench.settled();
      const last = bench.ask(0, 'last');
      await bench.settled();
      change.abort();
      await outcome;
      until.open();
      await Promise.all([first.done, last.done]);
      expect(bench.begun).toEqual(['first', 'last']);
    });

    it('lets the next one in when the first of the queue gives up while the lane is free', async () => {
      const bench = await open(2);
      for (const round of range(20)) {
        const change = new AbortController();
        const [one, two] = [
          bench.ask(0, 'gives up', undefined, { signal: change.signal }),
          bench.ask(1, `goes on ${round}`),
        ];
        const given = one.done.catch(() => undefined);
        if (round % 2 === 0) await Promise.resolve();
        change.abort();
        await Promise.all([given, two.done]);
      }
      expect(bench.mostAtOnce).toBe(1);
    });

    it('gives up after the time limit of the wait', async () => {
      const bench = await open(2);
      const until = gate();
      const first = bench.ask(0, 'first', () => until.opened);
      await bench.settled();
      const late = bench.ask(1, 'late', undefined, { waitTimeoutMs: 5 });
      await expect(late.done).rejects.toThrow(ApiLockWaitTimeoutError);
      until.open();
      await Promise.all([first.done, bench.ask(1, 'next').done]);
      expect(bench.begun).toEqual(['first', 'next']);
    });

    it('does not end a turn that has begun when its signal aborts', async () => {
      const bench = await open(2);
      const change = new AbortController();
      const [begun, until] = [gate(), gate()];
      const held = bench.ask(0, 'held', () => (begun.open(), until.opened), { signal: change.signal });
      await begun.opened;
      change.abort();
      const other = bench.ask(1, 'other');
      await bench.settled();
      await aWhile();
      expect(bench.begun).toEqual(['held']);
      until.open();
      await Promise.all([held.done, other.done]);
    });

    it('scope key: holds one lane for each key, and they go on side by side', async () => {
      const bench = await open(2, 'key');
      const until = gate();
      const one = bench.ask(0, 'key 1', () => until.opened);
      await bench.settled();
      const again = bench.ask(1, 'key 1 again');
      await bench.ask(1, 'key 2', undefined, { laneKey: 'key-2' }).done;
      expect(bench.begun).toEqual(['key 1', 'key 2']);
      until.open();
      await Promise.all([one.done, again.done]);
      expect(bench.begun).toEqual(['key 1', 'key 2', 'key 1 again']);
    });

    it('locks by hand what turns lock', async () => {
      const bench = await open(2);
      const until = gate();
      const [first, second] = bench.participants;
      const byHand = first?.lock(KEY).runExclusive(() => until.opened, { label: 'by hand' });
      await bench.settled();
      const other = bench.ask(1, 'other');
      await bench.settled();
      await aWhile();
      expect(bench.begun).toEqual([]);
      expect(first?.lock(KEY).holder()).toMatchObject({ label: 'by hand', within: [] });
      if (second !== first) expect(second?.lock(KEY).holder()).toBeUndefined();
      expect(second?.lock(KEY).waiting()).toMatchObject([{ label: 'other' }]);
      until.open();
      await Promise.all([byHand, other.done]);
    });

    it('goes through many turns without losing one or its place', async () => {
      const bench = await open(4);
      const many = kind.manyTurns ?? 1_000;
      const nonces: bigint[] = [];
      const draw = async (turn: Turn): Promise<void> => void nonces.push(await turn.drawNonce());
      await Promise.all(range(many).map((n) => bench.ask(n % 4, `${n}`, draw).done));
      expect(bench.mostAtOnce).toBe(1);
      expect(nonces).toEqual([...new Set(nonces)].sort(ascending));
      expect(nonces).toHaveLength(many);
      for (const who of range(4)) {
        const own = bench.begun.map(Number).filter((n) => n % 4 === who);
        expect(own).toEqual(own.toSorted((a, b) => a - b));
      }
    });
  });
}

interface Asked {
  readonly label: string;
  readonly done: Promise<void>;
}

interface AskOptions {
  readonly laneKey?: string;
  readonly signal?: AbortSignal;
  readonly waitTimeoutMs?: number;
  readonly place?: number | undefined;
}

/** Asks for turns and watches who is in the lane. */
class Bench {
  readonly participants: readonly LaneCoordinator[];
  readonly begun: string[] = [];
  readonly ended: string[] = [];
  /** Outermost turns of one lane at one time, at most. */
  mostAtOnce = 0;
  /** Turns without turns inside, at most: what is exclusive even within one turn. */
  mostLeavesAtOnce = 0;
  readonly settled: () => Promise<void>;
  readonly #inside = new Map<string, number>();
  #leaves = 0;

  constructor(world: CoordinatorWorld) {
    this.participants = world.participants;
    this.settled = () => world.settled();
  }

  ask(who: number, label: string, body?: (turn: Turn) => Promise<unknown>, options: AskOptions = {}): Asked {
    const { laneKey = KEY, ...waits } = options;
    const participant = this.participants[who];
    if (participant === undefined) throw new Error(`There is no participant ${who}.`);
    const done = participant.turn(laneKey, (turn) => this.#inTurn({ label, laneKey }, () => body?.(turn)), {
      ...waits,
      label,
    });
    return { label, done };
  }

  async draw(who: number): Promise<bigint> {
    let drawn = 0n;
    await this.ask(who, 'draws', async (turn) => void (drawn = await turn.drawNonce())).done;
    return drawn;
  }

  async #inTurn(
    turn: { label: string; laneKey: string },
    body: () => Promise<unknown> | undefined,
  ): Promise<void> {
    const inside = (this.#inside.get(turn.laneKey) ?? 0) + 1;
    this.#inside.set(turn.laneKey, inside);
    this.begun.push(turn.label);
    this.mostAtOnce = Math.max(this.mostAtOnce, inside);
    const isChild = turn.label.startsWith('child');
    if (isChild) this.#leaves += 1;
    this.mostLeavesAtOnce = Math.max(this.mostLeavesAtOnce, this.#leaves);
    try {
      await body();
    } finally {
      if (isChild) this.#leaves -= 1;
      this.#inside.set(turn.laneKey, (this.#inside.get(turn.laneKey) ?? 0) - 1);
      this.ended.push(turn.label);
    }
  }
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
