import { Agent } from 'undici';
import { startMockKraken } from '../mock-kraken/index.ts';
import { createLocalCoordinator, createUndiciTransport, KrakenClient, systemRuntime } from '../src/index.ts';
import { assert, compare } from './suite.ts';

/** A signed call through the client over a real socket, beside the same request without client and lane. */
export async function benchMockRequest(): Promise<void> {
  const mock = await startMockKraken({ users: 1, serviceTime: 0 });
  const dispatcher = new Agent({ pipelining: 1 });
  try {
    await compareRequests(mock, createUndiciTransport({ baseUrl: mock.url, dispatcher }));
  } finally {
    await dispatcher.close();
    await mock.close();
  }
}

async function compareRequests(
  mock: Awaited<ReturnType<typeof startMockKraken>>,
  transport: ReturnType<typeof createUndiciTransport>,
): Promise<void> {
  const [master] = mock.accounts;
  assert(master !== undefined, 'there is no account');
  const coordinator = createLocalCoordinator({ runtime: systemRuntime });
  const { apiKey, apiSecret } = master;
  const client = new KrakenClient({ apiKey, apiSecret, accountIdentifier: 'MASTER', transport, coordinator });
  await compare('mock: one request over a real socket', [
    {
      name: 'KrakenClient, Balance (signed, in the lane)',
      async round() {
        await client.queryPrivate('Balance');
      },
      check: () =>
        assert(
          mock.journal().every(({ outcome }) => outcome === 'accepted'),
          'a call was rejected',
        ),
    },
    {
      name: 'bare transport, public Time',
      async round() {
        await transport({ method: 'GET', path: '/0/public/Time', headers: {} });
      },
      check: () => assert(mock.exchange.publicCalls > 0, 'no public call arrived'),
    },
  ]);
}
