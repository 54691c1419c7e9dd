import { describe, expect, it } from 'vitest';
import {
  createExchange,
  createExchangeDispatcher,
  FAULT_KINDS,
  generateCredentials,
  namedFaultPlan,
} from '../mock-kraken/index.ts';
import type { Credentials, Exchange, FaultPlan, JournalRecord } from '../mock-kraken/index.ts';
import { CallError, createLocalCoordinator, KrakenClient } from '../src/index.ts';
import type { OrderRequest, PlacedOrder } from '../src/index.ts';
import { VirtualRun } from './virtual-run.test-support.ts';

const USERS = 4;
const ORDERS_EACH = 25;
const ORDER: OrderRequest = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '100', volume: '0.01' };

/** What a caller was told of one order. */
interface Told {
  readonly account: string;
  readonly placed?: PlacedOrder;
  readonly error?: unknown;
}

/** Slow calls are slow within the deadline of an order: else the order is refused for it, which is another test. */
function hostilePlan(seed: number): FaultPlan {
  const plan = namedFaultPlan('hostile', { seed, calls: USERS * ORDERS_EACH * 2 });
  return {
    ...plan,
    faults: plan.faults.map((fault) => (fault.kind === 'slow-service' ? { ...fault, ms: 1_500 } : fault)),
  };
}

/** Everything that can go wrong does. */
class FaultyRun {
  readonly time: VirtualRun = new VirtualRun();
  readonly exchange: Exchange;
  readonly clients: readonly KrakenClient[];

  constructor(seed: number) {
    const faults = hostilePlan(seed);
    this.exchange = createExchange({ faults, wallMsAtStart: Number(this.time.clock.wallNs() / 1_000_000n) });
    const accounts = generateCredentials({ users: USERS, seed });
    for (const account of accounts) this.exchange.addAccount(account);
    const coordinator = createLocalCoordinator({ runtime: this.time });
    const dispatcher = createExchangeDispatcher(this.exchange, {
      world: this.time,
      seed,
      arrivalJitterMs: 5,
    });
    const toClient = ({ account, apiKey, apiSecret }: Credentials): KrakenClient =>
      new KrakenClient({
        apiKey,
        apiSecret,
        accountIdentifier: account,
        dispatcher,
        coordinator,
        runtime: this.time,
        lockoutMs: 1_000,
        // Shorter than a slow call in every other run, longer in the rest.
        timeoutMs: seed % 2 === 0 ? 10_000 : 1_000,
      });
    this.clients = accounts.map(toClient);
  }

  /** All accounts at once, each its orders back to back; each order after a look at the balance. */
  run(): Promise<readonly Told[]> {
    return this.time.until(this.#trade());
  }

  async #trade(): Promise<readonly Told[]> {
    const told = await Promise.all(
      this.clients.flatMap((client) => Array.from({ length: ORDERS_EACH }, () => tradeOnce(client))),
    );
    await Promise.all(this.clients.map((client) => client.close()));
    return told;
  }
}

async function tradeOnce(client: KrakenClient): Promise<Told> {
  const account = client.accountIdentifier;
  await client.getBalance().catch(() => undefined);
  return client.placeOrder(ORDER).then(
    (placed) => ({ account, placed }),
    (error: unknown) => ({ account, error }),
  );
}

/** `USER_1 OABC…`: order ids that came into being. */
function ordersOf(journal: readonly JournalRecord[]): string[] {
  return journal.flatMap(({ account, effect }) =>
    effect?.kind === 'order' ? effect.ids.map((id) => `${account} ${id}`) : [],
  );
}

describe.each(Array.from({ length: 20 }, (_, index) => index + 1))(
  'under every fault there is, seed %i',
  (seed) => {
    it('no calls overlap, no order is doubled, and callers are told the truth', async () => {
      const run = new FaultyRun(seed);
      const told = await run.run();
      const journal = run.exchange.journal;
      expect(journal.filter(({ violations }) => violations.length > 0)).toEqual([]);

      const placed = told.flatMap(
        ({ account, placed }) => placed?.txid.map((id) => `${account} ${id}`) ?? [],
      );
      const exist = new Set(ordersOf(journal));
      const unknown = told.filter(({ error }) => error instanceof CallError && error.outcome === 'unknown');
      expect(placed.filter((id) => !exist.has(id))).toEqual([]);
      expect(new Set(placed).size).toBe(placed.length);
      expect(exist.size - placed.length).toBeLessThanOrEqual(unknown.length);

      const fired = new Set(journal.map(({ fault }) => fault));
      expect(FAULT_KINDS.filter((kind) => !fired.has(kind))).toEqual([]);
      expect(placed.length).toBeGreaterThan(told.length / 2);
    });
  },
);
