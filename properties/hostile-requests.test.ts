import { expect, test } from 'vitest';
import { startMockKraken } from '../mock-kraken/index.ts';
import { attack } from './hostile-requests.test-support.ts';

/** The whole attack: `node --import tsx bench/hostile-requests.ts`. */
const REQUESTS = 600;

test(`${REQUESTS} hostile requests, signed and not, neither end the mock nor make it answer wrongly`, async () => {
  const defects: unknown[] = [];
  const kraken = await startMockKraken({
    users: 3,
    overlap: 'tolerate',
    serviceTime: { kind: 'fixed', ms: 0, held: { fraction: 0, factor: 1 } },
    onInternalError: (error) => void defects.push(error),
  });
  try {
    const { sent, statuses, rightly, wrong } = await attack(kraken.url, {
      accounts: kraken.accounts,
      requests: REQUESTS,
      seed: 20261126,
    });
    expect(defects).toEqual([]);
    expect(wrong).toEqual([]);
    expect(rightly).toBeGreaterThan(sent / 20);
    expect(statuses.get('200')).toBeGreaterThan(sent / 4);
    const known = new Set(['100', '200', '400', '408', '413', '415', '417', '431']);
    expect([...statuses.keys()].filter((status) => !known.has(status))).toEqual([]);
    expect(kraken.journal().some(({ effect }) => effect !== null)).toBe(true);
  } finally {
    await kraken.close();
  }
});
