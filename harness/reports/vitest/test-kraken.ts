import type { HttpHandler } from 'msw';
import type { Dispatcher } from 'undici';
import { createExchangeDispatcher, startMockKraken, systemWorld } from '../../../mock-kraken/index.ts';
import type {
  Credentials,
  Exchange,
  JournalRecord,
  MockKraken,
  MockKrakenOptions,
} from '../../../mock-kraken/index.ts';

/** What a test's exchange can be told: everything that `startMockKraken` takes, but for the clock. */
export type TestKrakenOptions = Omit<MockKrakenOptions, 'world'>;

/** A fresh exchange for one test, behind all three doors at once; they share one lane and one journal. */
export interface TestKraken {
  /** Base URL of the door of real sockets, `http://127.0.0.1:<port>`, no trailing slash. */
  readonly url: string;
  readonly exchange: Exchange;
  /** Credentials of every account, MASTER first. */
  readonly accounts: readonly Credentials[];
  /** MASTER's credentials. */
  readonly master: Credentials;
  /** The exchange as an undici dispatcher, for `fetch`, `request` and clients that take one; no sockets. */
  readonly dispatcher: Dispatcher;
  /**
   * The exchange as MSW request handlers for `https://api.kraken.com`, or for another base URL. Needs the package
   * `msw`, which is loaded only now.
   */
  handlers(baseUrl?: string): Promise<HttpHandler[]>;
  /** Every private call so far, in the order of arrival: a live view. */
  journal(): readonly JournalRecord[];
  /** Ends the doors: calls in service may end first, for at most a second. */
  close(): Promise<void>;
}

/**
 * Opens an exchange for a test that does without the fixture. Its clock is the real one, so that clients which send
 * deadlines or nonces by the time of day behave as they would at Kraken. The journal is kept whole.
 */
export async function openTestKraken(options: TestKrakenOptions = {}): Promise<TestKraken> {
  const doorOptions = { journalRecordsMax: Number.MAX_SAFE_INTEGER, ...options, world: systemWorld() };
  return new OpenKraken(await startMockKraken(doorOptions), doorOptions);
}

class OpenKraken implements TestKraken {
  readonly url: string;
  readonly exchange: Exchange;
  readonly accounts: readonly Credentials[];
  readonly #mock: MockKraken;
  readonly #options: MockKrakenOptions;
  #dispatcher: Dispatcher | null = null;

  constructor(mock: MockKraken, options: MockKrakenOptions) {
    this.url = mock.url;
    this.exchange = mock.exchange;
    this.accounts = mock.accounts;
    this.#mock = mock;
    this.#options = options;
  }

  get master(): Credentials {
    const [master] = this.accounts;
    if (master === undefined) throw new TypeError('Failed to find MASTER: the options open no account.');
    return master;
  }

  get dispatcher(): Dispatcher {
    return (this.#dispatcher ??= createExchangeDispatcher(this.exchange, this.#options));
  }

  async handlers(baseUrl?: string): Promise<HttpHandler[]> {
    // A door of its own, because the mock's index must not need the optional package.
    // oxlint-disable-next-line no-restricted-imports
    const { createMswHandlers } = await import('../../../mock-kraken/adapters/msw.ts');
    const { exchange } = this;
    return createMswHandlers(exchange, { ...this.#options, ...(baseUrl === undefined ? {} : { baseUrl }) });
  }

  journal(): readonly JournalRecord[] {
    return this.exchange.journal;
  }

  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
    await this.#mock.close();
  }
}
