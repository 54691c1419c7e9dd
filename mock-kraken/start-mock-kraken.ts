import { listenAdmin, type AdminApi, type AdminOptions } from './admin/index.ts';
import { generateCredentials, type Credentials } from './exchange/index.ts';
import { createExchange, type Exchange, type NewAccount } from './exchange/index.ts';
import type { ExchangeOptions } from './exchange/index.ts';
import { listenHttp, type HttpAdapterOptions } from './adapters/index.ts';
import type { JournalRecord } from './exchange/index.ts';
import { systemWallMs, systemWorld } from './system.ts';
import type { AdapterWorld } from './world.ts';

/** Options of the exchange and of its door, and who has an account. */
export interface MockKrakenOptions extends ExchangeOptions, HttpAdapterOptions {
  /** How many accounts to open, MASTER included, when `accounts` is not given. Default: 1. */
  readonly users?: number;
  /** The accounts to open. Default: `users` of them, with credentials generated from the seed. */
  readonly accounts?: readonly NewAccount[];
  /** The nonce window of their keys, when `accounts` is not given. Default: 0n. */
  readonly nonceWindow?: bigint;
  /** Opens the admin API as well, on a port of its own. Default: false. */
  readonly admin?: boolean | AdminOptions;
}

/** A mock Kraken that listens on a real socket. */
export interface MockKraken {
  /** `http://127.0.0.1:<port>`, no trailing slash. */
  readonly url: string;
  readonly exchange: Exchange;
  /** Credentials of every account, MASTER first. */
  readonly accounts: readonly Credentials[];
  /** Every private call so far, in the order of arrival; the same live view as `exchange.journal`. */
  journal(): readonly JournalRecord[];
  /** How many connections the fault `refuse` turned away so far, beside those of the calls that it struck. */
  readonly connectionsRefused: number;
  /** How many private calls were left out of the journal, see `HttpAdapterOptions.isForeign`. */
  readonly foreignCalls: number;
  /** The admin API's address and token; `null` unless it was asked for. */
  readonly admin: Pick<AdminApi, 'url' | 'token'> | null;
  /** Stops listening, lets the calls in service end, and closes every connection. */
  close(): Promise<void>;
}

const SEED_BY_DEFAULT = 1;

/** Starts an exchange with accounts on 127.0.0.1, port 0 by default, with the real clock. */
export async function startMockKraken(options: MockKrakenOptions = {}): Promise<MockKraken> {
  const { nonceWindow = 0n, seed = SEED_BY_DEFAULT, users = 1 } = options;
  const accounts = options.accounts ?? generateCredentials({ users, seed });
  const world = options.world ?? systemWorld();
  const exchange = createExchange({ wallMsAtStart: systemWallMs() - world.nowNs() / 1e6, ...options });
  for (const account of accounts) {
    exchange.addAccount(options.accounts === undefined ? { ...account, nonceWindow } : account);
  }
  const door = await listenHttp(exchange, { ...options, world });
  const admin = await openAdmin(exchange, world, options.admin).catch(async (error: unknown) => {
    await door.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    await admin?.close();
    await door.close();
  };
  const journal = (): readonly JournalRecord[] => exchange.journal;
  return {
    url: door.url,
    exchange,
    accounts,
    admin,
    journal,
    get connectionsRefused() {
      return door.connectionsRefused;
    },
    get foreignCalls() {
      return door.foreignCalls;
    },
    close,
  };
}

async function openAdmin(
  exchange: Exchange,
  world: AdapterWorld,
  admin: MockKrakenOptions['admin'] = false,
): Promise<AdminApi | null> {
  return admin === false ? null : listenAdmin(exchange, world, admin === true ? {} : admin);
}
