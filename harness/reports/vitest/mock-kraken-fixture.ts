import { test } from 'vitest';
import type { TestAPI } from 'vitest';
import { registerJournalMatchers } from './journal-matchers.ts';
import { openTestKraken } from './test-kraken.ts';
import type { TestKraken, TestKrakenOptions } from './test-kraken.ts';

/** What a test of `mockKraken` is handed. */
export interface MockKrakenContext {
  /** How the exchange is set up. Default: one account, MASTER, and every default of the mock. */
  krakenOptions: TestKrakenOptions;
  /** An exchange of this test's own, closed when it ends. */
  kraken: TestKraken;
}

/**
 * Vitest's `test`, with a fresh mock Kraken for each test that asks for `kraken`.
 *
 * @example
 * mockKraken('my bot leaves no order behind', async ({ kraken }) => {
 *   await runMyBot({ baseUrl: kraken.url, ...kraken.master });
 *   expect(kraken.journal()).toHaveIncreasingNonces();
 *   expect(kraken.journal()).toHaveNoOverlap();
 * });
 *
 * // Another exchange for other tests:
 * const threeAccounts = mockKraken.extend({ krakenOptions: { users: 3, limits: 'on' } });
 */
export const mockKraken: TestAPI<MockKrakenContext> = test.extend<MockKrakenContext>({
  krakenOptions: {},
  kraken: async ({ krakenOptions }, use) => {
    // Test files that share a process load this module once, and each of them has an `expect` of its own.
    registerJournalMatchers();
    const kraken = await openTestKraken(krakenOptions);
    try {
      await use(kraken);
    } finally {
      await kraken.close();
    }
  },
});
