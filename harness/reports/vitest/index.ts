import './register-matchers.ts';

export type { JournalMatchers, LaneOptions } from './journal-matchers.ts';
export { mockKraken, type MockKrakenContext } from './mock-kraken-fixture.ts';
export { openTestKraken, type TestKraken, type TestKrakenOptions } from './test-kraken.ts';
