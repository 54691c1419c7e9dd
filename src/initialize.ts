import type { SharedClientOptions } from './client-options.ts';
import { masterCredentials, userCredentials } from './account/index.ts';
import type { AccountCredentials, CredentialsSource, Environment } from './account/index.ts';
import { KrakenClient } from './kraken-client.ts';
import type { Balances } from './kraken-types.ts';
import { readTextFile, systemEnvironment } from './system.ts';

/** How to initialize clients: their options, and where the credentials come from. */
export interface InitializeOptions extends SharedClientOptions {
  /** Default: `process.env`. `KRAKEN_API_URL` gives the base URL unless `baseUrl` or `transport` does. */
  readonly environment?: Environment | undefined;
  /** Reads the file that `KRAKEN_ACCOUNTS_FILE` names. Default: from disk. */
  readonly readTextFile?: ((path: string) => Promise<string>) | undefined;
}

/** How to initialize MASTER. */
export interface InitializeMasterOptions extends InitializeOptions {
  /** Default: from the environment; see {@link masterCredentials}. */
  readonly credentials?: AccountCredentials | undefined;
}

/** How to initialize the USERs. */
export interface InitializeUsersOptions extends InitializeOptions {
  /** Default: from the environment; see {@link userCredentials}. */
  readonly credentials?: readonly AccountCredentials[] | undefined;
}

/** An account whose key works. */
export interface InitializedAccount {
  readonly account: string;
  readonly client: KrakenClient;
  /** As of the check. */
  readonly balance: Balances;
}

/** An account that cannot be used, and why. */
export interface FailedAccount {
  readonly account: string;
  readonly error: unknown;
}

/** The USERs, sorted by whether they can be used; each in the order of the credentials. */
export interface InitializedUsers {
  readonly ready: readonly InitializedAccount[];
  readonly failed: readonly FailedAccount[];
}

/**
 * Makes MASTER's client and checks its key with one Balance call.
 * @throws {CredentialsError} when there are no credentials
 * @throws {InvalidOptionError} when the credentials cannot be a key and a secret
 * @throws {CallError} when the check failed
 */
export async function initializeKrakenMaster(
  options: InitializeMasterOptions = {},
): Promise<InitializedAccount> {
  const credentials = options.credentials ?? (await masterCredentials(sourceOf(options)));
  return initializeAccount(credentials, options);
}

/**
 * Makes the USERs' clients and checks each key with one Balance call, one account after the other. An account
 * that fails is reported, and the others go on.
 * @throws {CredentialsError} when the file with the credentials cannot be used
 */
export async function initializeKrakenUsers(options: InitializeUsersOptions = {}): Promise<InitializedUsers> {
  const credentials = options.credentials ?? (await userCredentials(sourceOf(options)));
  const ready: InitializedAccount[] = [];
  const failed: FailedAccount[] = [];
  for (const each of credentials) {
    try {
      ready.push(await initializeAccount(each, options));
    } catch (error) {
      failed.push({ account: each.account, error });
    }
  }
  return { ready, failed };
}

async function initializeAccount(
  { account, apiKey, apiSecret, otp }: AccountCredentials,
  options: InitializeOptions,
): Promise<InitializedAccount> {
  const { environment, ...shared } = options;
  const baseUrl = shared.baseUrl ?? (environment ?? systemEnvironment)['KRAKEN_API_URL'];
  const client = new KrakenClient({
    ...shared,
    baseUrl,
    apiKey,
    apiSecret,
    otp: otp ?? shared.otp,
    accountIdentifier: account,
  });
  return { account, client, balance: await client.getBalance() };
}

function sourceOf(options: InitializeOptions): CredentialsSource {
  return {
    environment: options.environment ?? systemEnvironment,
    readTextFile: options.readTextFile ?? readTextFile,
  };
}
