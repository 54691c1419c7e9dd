import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { inSession, loadedTarget, NO_FAULTS, scheduleArbitrary, tryOut } from '../harness/explore-api.ts';
import type { ArrivalPattern, ClientHistory } from '../harness/explore-api.ts';
import { ExhaustiveSearch } from '../harness/explore/strategy/index.ts';
import type { CreateClient } from '../harness/run/targets/index.ts';
import { AccountOrder } from '../src/account/account-order.ts';
import { limitedClient } from './account-order.test-support.ts';
import type { Limit, Sightings } from './account-order.test-support.ts';

const ORDER_ONCE: Limit = { method: 'AddOrder', times: 1 };
const READ_ONCE: Limit = { method: 'Balance', times: 1 };

interface Bound {
  readonly users: number;
  readonly calls: number;
  readonly pattern: ArrivalPattern;
}

const SMALL: Bound = { users: 2, calls: 4, pattern: 'parallel' };

/** What of the promise a run broke, in words. */
function brokenIn({ clientCalls, ending }: ClientHistory): readonly string[] {
  const broken = clientCalls.flatMap(({ error }) => (error?.startsWith('BROKEN') === true ? [error] : []));
  return ending === 'completed' ? broken : [...broken, `the run was ${ending}`];
}

/** Runs every schedule within the bound; ends at the first that breaks the promise. */
function searchAll(
  createClient: CreateClient,
  bound: Bound,
): Promise<{ runs: number; broken: readonly string[] }> {
  return inSession(loadedTarget('limited', createClient), async (lab) => {
    const search = new ExhaustiveSearch({ isReduced: true });
    const setting = { ...bound, scope: 'global', clock: 'honest', faults: NO_FAULTS, seed: 1 } as const;
    const program = lab.program(setting, { isSymmetric: false });
    const found = { runs: 0, broken: [] as readonly string[] };
    await lab.run({
      next() {
        const plan = found.broken.length > 0 ? null : search.next();
        return plan === null ? null : { plan, program };
      },
      finished(run) {
        search.finished(run);
        if (run.ending !== 'over') return;
        found.runs += 1;
        if (found.broken.length === 0) found.broken = brokenIn(run.result);
      },
    });
    return found;
  });
}

function noSightings(): Sightings {
  return { othersWaited: 0, ownWaited: 0 };
}

afterEach(() => void vi.restoreAllMocks());

describe('an account at a limit leaves the lane to others and keeps the order of its own calls', () => {
  it.each<[string, Limit, Bound]>([
    ['an order is refused', ORDER_ONCE, SMALL],
    ['a read is refused', READ_ONCE, SMALL],
    ['an order is refused, three accounts', ORDER_ONCE, { users: 3, calls: 2, pattern: 'parallel' }],
    ['an order is refused, asked at any time', ORDER_ONCE, { users: 2, calls: 3, pattern: 'staggered' }],
  ])('under every schedule of a small bound: %s', async (_what, limit, bound) => {
    const sightings = noSightings();
    const { broken, runs } = await searchAll(limitedClient(limit, sightings), bound);
    expect(broken).toEqual([]);
    expect(runs).toBeGreaterThan(10);
    expect(sightings.othersWaited).toBeGreaterThan(0);
  });

  it('under sampled schedules of larger ones', async () => {
    const sightings = noSightings();
    const target = loadedTarget('limited', limitedClient({ method: 'AddOrder', times: 2 }, sightings));
    const schedules = scheduleArbitrary(fc, { usersMax: 4, callsMax: 8, faultsMax: 0 });
    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        expect(brokenIn((await tryOut(target, schedule)).history)).toEqual([]);
      }),
      { seed: 20_261_126, numRuns: 150 },
    );
    expect(sightings.othersWaited).toBeGreaterThan(10);
    expect(sightings.ownWaited).toBeGreaterThan(10);
  });
});

describe('the search notices', () => {
  it('a client that keeps the lane while it waits', async () => {
    const createClient = limitedClient(ORDER_ONCE, noSightings(), (coordinator) => ({
      scope: coordinator.scope,
      turn: (...args) => coordinator.turn(...args),
    }));
    const { broken } = await searchAll(createClient, SMALL);
    expect(broken[0]).toMatch(/^BROKEN: the lane was kept for/);
  });

  it('a client that does not keep the order of an account', async () => {
    vi.spyOn(AccountOrder.prototype, 'blocks').mockReturnValue(false);
    const { broken } = await searchAll(limitedClient(ORDER_ONCE, noSightings()), SMALL);
    expect(broken[0]).toMatch(/^BROKEN: .* was sent before .* had ended/);
  });
});
