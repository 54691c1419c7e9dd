import { afterEach, describe, expect, it } from 'vitest';
import { strFromU8, unzipSync } from 'fflate';
import { createExchangeDispatcher, startMockKraken } from '../mock-kraken/index.ts';
import type { MockKraken, MockKrakenOptions } from '../mock-kraken/index.ts';
import {
  CopyTrader,
  createLocalCoordinator,
  initializeKrakenMaster,
  initializeKrakenUsers,
  KrakenClient,
  systemRuntime,
} from '../src/index.ts';
import type { LaneScope, SharedClientOptions } from '../src/index.ts';

let kraken: MockKraken | undefined;
afterEach(() => kraken?.close());

async function start(options: MockKrakenOptions = {}): Promise<MockKraken> {
  kraken = await startMockKraken({ seed: 1, ...options });
  return kraken;
}

/** A lane of the test's own: the process-wide one belongs to nobody's test. */
function shared(mock: MockKraken, scope: LaneScope = 'global'): SharedClientOptions {
  const coordinator = createLocalCoordinator({ runtime: systemRuntime, scope });
  return { baseUrl: mock.url, coordinator };
}

function clients(mock: MockKraken, options: SharedClientOptions): KrakenClient[] {
  return mock.accounts.map(({ account, apiKey, apiSecret }) => {
    return new KrakenClient({ ...options, apiKey, apiSecret, accountIdentifier: account });
  });
}

describe('the client and the exchange over real sockets', () => {
  it.each(['global', 'key'] as const)(
    'agree on nonces, signatures and order in the scope %s',
    async (scope) => {
      const mock = await start({ users: 5, scope });
      const accounts = clients(mock, shared(mock, scope));
      await Promise.all(
        accounts.flatMap((client) => [client.getBalance(), client.getOpenOrders(), client.getBalanceEx()]),
      );
      expect(mock.journal()).toHaveLength(15);
      expect(
        mock.journal().every(({ outcome, violations }) => outcome === 'accepted' && violations.length === 0),
      ).toBe(true);
    },
  );

  it('agree on nested form parameters and on JSON', async () => {
    const mock = await start();
    const [client] = clients(mock, shared(mock));
    const order = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '100', volume: '0.01' } as const;
    const close = { ordertype: 'limit', price: '200' } as const;
    const placed = await client?.placeOrder({ ...order, close });
    expect(placed?.descr.close).toContain('limit');
    expect(await client?.queryPrivate('OpenOrders', {}, { format: 'json' })).toHaveProperty('open');
  });

  it('place, find and cancel an order by its own id', async () => {
    const mock = await start();
    const [client] = clients(mock, shared(mock));
    const order = { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price: '100', volume: '0.01' } as const;
    const placed = await client?.placeOrder(order);
    expect(placed).toMatchObject({ txid: [expect.any(String)], known: 'answered' });
    const open = await client?.getOpenOrders({ cl_ord_id: placed?.clOrdId });
    expect(Object.keys(open?.open ?? {})).toEqual(placed?.txid);
    expect(await client?.cancelOrder({ txid: placed?.txid[0] ?? '' })).toMatchObject({ count: 1 });
    expect((await client?.getOpenOrders())?.open).toEqual({});
  });

  it('initialize accounts, refuse a wrong secret, and copy an order to the rest', async () => {
    const mock = await start({ users: 4 });
    const [master, ...users] = mock.accounts;
    const options = { ...shared(mock), environment: {} };
    const ready = await initializeKrakenMaster({ ...options, credentials: master });
    const credentials = users.map((user, index) => (index === 1 ? { ...user, apiSecret: 'd3Jvbmc=' } : user));
    const result = await initializeKrakenUsers({ ...options, credentials });
    expect(result.failed).toMatchObject([{ account: 'USER_2', error: { code: 'kraken_api_error' } }]);
    const trader = new CopyTrader({
      master: ready.client,
      users: result.ready.map(({ client }) => client),
      scaleAsset: 'ZUSD',
    });
    const report = await trader.copyOrder({
      pair: 'XBTUSD',
      type: 'buy',
      ordertype: 'market',
      volume: '0.01',
    });
    expect(report.users).toMatchObject([
      { account: 'USER_1', status: 'copied' },
      { account: 'USER_3', status: 'copied' },
    ]);
  });
});

describe('an export report', () => {
  /** Asks for the report of an account's trades, and waits until it is there. */
  async function askForTrades(client: KrakenClient): Promise<string> {
    const added = await client.queryPrivate('AddExport', { report: 'trades', description: 'all of them' });
    const { id } = added as { readonly id: string };
    for (let round = 0; round < 500; round += 1) {
      const reports = await client.queryPrivate('ExportStatus', { report: 'trades' });
      const [report] = reports as readonly { readonly id: string; readonly status: string }[];
      if (report?.status === 'Processed') return id;
      await systemDelay(20);
    }
    throw new Error('the report was never processed');
  }

  const systemDelay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  it.each(['sockets', 'the dispatcher'])(
    'is downloaded once, as the bytes of a zip, over %s',
    async (way) => {
      const mock = await start();
      const dispatcher = way === 'sockets' ? undefined : createExchangeDispatcher(mock.exchange);
      const [client] = clients(mock, { ...shared(mock), dispatcher });
      if (client === undefined) throw new Error('no account');
      const { txid } = await client.placeOrder({
        pair: 'XBTUSD',
        type: 'buy',
        ordertype: 'market',
        volume: '0.01',
      });
      const id = await askForTrades(client);
      const other = client.getBalance();
      const zip = await client.retrieveExport(id);
      expect(zip).toBeInstanceOf(Uint8Array);
      expect(
        Object.values(unzipSync(zip))
          .map((file) => strFromU8(file))
          .join(),
      ).toContain(txid[0]);
      await other;
      expect(mock.journal().filter(({ method }) => method === 'RetrieveExport')).toHaveLength(1);
    },
  );

  it('whose reply is cut off is downloaded again, and the part is not handed out', async () => {
    const fault = { kind: 'truncate', nth: 1, method: 'RetrieveExport' } as const;
    const mock = await start({ faults: { version: 1, name: 'half a report', faults: [fault] } });
    const [client] = clients(mock, { ...shared(mock), settlingMs: 50 });
    if (client === undefined) throw new Error('no account');
    const zip = await client.retrieveExport(await askForTrades(client));
    expect(Object.keys(unzipSync(zip))).toHaveLength(1);
    expect(mock.journal().filter(({ method }) => method === 'RetrieveExport')).toHaveLength(2);
  });
});
