/**
 * The lock under randomly generated programs: trees of nested, parallel, un-awaited, detached, throwing and
 * cancelled acquisitions. A model beside the real lock knows, for each acquisition, which turn it must have
 * joined, and checks every begin and end against it.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ApiLock } from '../src/index.ts';
import type { Runtime } from '../src/index.ts';

/** One acquisition and what its function does. */
interface Acquisition {
  readonly steps: readonly Step[];
  readonly throws: boolean;
  /** Ticks after asking at which its signal aborts; null: never. */
  readonly cancelAfter: number | null;
}

type Step =
  | { readonly kind: 'work'; readonly ticks: number }
  | { readonly kind: 'awaited'; readonly child: Acquisition }
  | { readonly kind: 'parallel'; readonly children: readonly Acquisition[] }
  | { readonly kind: 'unawaited'; readonly child: Acquisition }
  /** Asks for its turn later, most often when the turn it was started in is over. */
  | { readonly kind: 'detached'; readonly afterTicks: number; readonly child: Acquisition };

const ticks = fc.integer({ min: 0, max: 12 });

const { acquisition } = fc.letrec<{ acquisition: Acquisition; step: Step }>((tie) => ({
  acquisition: fc.record({
    steps: fc.array(tie('step'), { maxLength: 3, depthIdentifier: 'tree' }),
    throws: fc.boolean(),
    cancelAfter: fc.option(ticks, { freq: 3 }),
  }),
  step: fc.oneof(
    { depthIdentifier: 'tree', maxDepth: 3, withCrossShrink: true },
    fc.record({ kind: fc.constant('work' as const), ticks }),
    fc.record({ kind: fc.constant('awaited' as const), child: tie('acquisition') }),
    fc.record({
      kind: fc.constant('parallel' as const),
      children: fc.array(tie('acquisition'), { minLength: 2, maxLength: 3, depthIdentifier: 'tree' }),
    }),
    fc.record({ kind: fc.constant('unawaited' as const), child: tie('acquisition') }),
    fc.record({ kind: fc.constant('detached' as const), afterTicks: ticks, child: tie('acquisition') }),
  ),
}));

const program = fc.array(fc.record({ afterTicks: ticks, root: acquisition }), { minLength: 1, maxLength: 4 });

/** Time stands still: nothing here waits for a timer. */
const runtime: Runtime = {
  clock: { wallNs: () => 0n, monotonicMs: () => 0 },
  timers: { setTimeout: () => 0, clearTimeout: () => undefined },
};

/** What the model knows of one acquisition. */
interface Turn {
  readonly id: number;
  readonly parent: Turn | null;
  /** Children that wait, in the order of asking. */
  readonly waiting: Set<Turn>;
  /** Children that have not ended, waiting ones included. */
  liveChildren: number;
  state: 'waiting' | 'open' | 'closed' | 'cancelled';
}

function createTurn(id: number, parent: Turn | null): Turn {
  return { id, parent, waiting: new Set(), liveChildren: 0, state: parent === null ? 'open' : 'waiting' };
}

async function pause(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await Promise.resolve();
}

class Execution {
  readonly lock = new ApiLock({ runtime });
  readonly lane: Turn = createTurn(0, null);
  readonly turns: Turn[] = [];
  /** Turns that have begun and in which something has not ended. */
  readonly begun = new Set<Turn>();
  readonly failures: string[] = [];
  asked = 0;
  settled = 0;

  /** Asks for a turn from the context of `from`, as real code does: by calling the lock. */
  acquire(from: Turn, wanted: Acquisition): Promise<void> {
    const parent = nearestOpen(from);
    const turn = createTurn(this.turns.length + 1, parent);
    this.turns.push(turn);
    parent.waiting.add(turn);
    parent.liveChildren += 1;
    this.asked += 1;
    const cancel = new AbortController();
    if (wanted.cancelAfter !== null) void pause(wanted.cancelAfter).then(() => this.cancel(turn, cancel));
    return this.lock
      .runExclusive(() => this.body(turn, wanted), { signal: cancel.signal, label: String(turn.id) })
      .then(
        () => this.checkSettled(turn, { wanted, failed: false }),
        () => this.checkSettled(turn, { wanted, failed: true }),
      );
  }

  cancel(turn: Turn, cancel: AbortController): void {
    if (turn.state === 'waiting') {
      turn.state = 'cancelled';
      turn.parent?.waiting.delete(turn);
      this.childEnded(turn.parent);
    }
    cancel.abort();
  }

  /** A turn has ended when its function and everything in it has. */
  childEnded(parent: Turn | null): void {
    if (parent === null) return;
    parent.liveChildren -= 1;
    this.endIfDrained(parent);
  }

  endIfDrained(turn: Turn): void {
    if (turn.state !== 'closed' || turn.liveChildren > 0) return;
    this.begun.delete(turn);
    this.childEnded(turn.parent);
  }

  /** The model's view of the turn is closed at the moment the lock sees the function end, not a tick later. */
  body(turn: Turn, wanted: Acquisition): Promise<void> {
    this.checkBegin(turn);
    turn.state = 'open';
    this.begun.add(turn);
    const close = (): void => {
      turn.state = 'closed';
      this.endIfDrained(turn);
    };
    const running = this.steps(turn, wanted);
    running.then(close, close);
    return running;
  }

  async steps(turn: Turn, wanted: Acquisition): Promise<void> {
    for (const step of wanted.steps) await this.step(turn, step);
    if (wanted.throws) throw new Error('thrown by the program');
  }

  async step(turn: Turn, step: Step): Promise<void> {
    if (step.kind === 'work') await pause(step.ticks);
    else if (step.kind === 'awaited') await this.acquire(turn, step.child);
    else if (step.kind === 'parallel') {
      await Promise.all(step.children.map((child) => this.acquire(turn, child)));
    } else if (step.kind === 'unawaited') void this.acquire(turn, step.child);
    else void pause(step.afterTicks).then(() => this.acquire(turn, step.child));
  }

  /** Whoever begins now must be alone but for the turns around it, and must not have overtaken a sibling. */
  checkBegin(turn: Turn): void {
    if (turn.state !== 'waiting') this.failures.push(`${turn.id} began although it was ${turn.state}`);
    const around = ancestors(turn);
    for (const other of this.begun) {
      if (!around.includes(other)) this.failures.push(`${turn.id} began while ${other.id} had not ended`);
    }
    const [first] = turn.parent?.waiting ?? [];
    if (first !== turn) this.failures.push(`${turn.id} overtook its sibling ${first?.id}`);
    turn.parent?.waiting.delete(turn);
  }

  checkSettled(turn: Turn, facts: { wanted: Acquisition; failed: boolean }): void {
    this.settled += 1;
    const expected = facts.wanted.throws || turn.state === 'cancelled';
    if (facts.failed !== expected) this.failures.push(`${turn.id} settled the wrong way as ${turn.state}`);
  }
}

/** The innermost turn around, `turn` included, whose function still runs; the lane always is open. */
function nearestOpen(turn: Turn): Turn {
  return turn.state === 'open' || turn.parent === null ? turn : nearestOpen(turn.parent);
}

function ancestors(turn: Turn): Turn[] {
  return turn.parent === null ? [] : [turn.parent, ...ancestors(turn.parent)];
}

async function execute(roots: readonly { afterTicks: number; root: Acquisition }[]): Promise<Execution> {
  const execution = new Execution();
  for (const { afterTicks, root } of roots) {
    void pause(afterTicks).then(() => execution.acquire(execution.lane, root));
  }
  // Nothing in these programs waits for anything but microtasks: when they have run dry, all is over.
  await new Promise((resolve) => setImmediate(resolve));
  return execution;
}

const numRuns = 10_000;

describe('ApiLock under random programs', () => {
  test.prop([program], { numRuns, seed: 1 })(
    'never lets two turns in at once, keeps siblings in order, never deadlocks, leaks nothing',
    async (roots) => {
      const { lock, failures, asked, settled } = await execute(roots);
      expect(failures).toEqual([]);
      expect(settled).toBe(asked);
      expect(lock.isHeld).toBe(false);
      expect(lock.waiting()).toEqual([]);
      expect(lock.holder()).toBeUndefined();
    },
  );

  test('the programs contain what they claim: each situation occurs often', async () => {
    const seen = { detached: 0, cancelled: 0, draining: 0, deep: 0 };
    for (const roots of fc.sample(program, { numRuns: 300, seed: 1 })) {
      const { turns } = await execute(roots);
      if (turns.some((turn) => turn.state === 'cancelled')) seen.cancelled += 1;
      if (turns.some((turn) => ancestors(turn).length > 2)) seen.deep += 1;
      if (JSON.stringify(roots).includes('"detached"')) seen.detached += 1;
      if (JSON.stringify(roots).includes('"unawaited"')) seen.draining += 1;
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
  });
});
