import type { OtpSource } from './otp-source.ts';
import { NonceproofError } from '../errors.ts';

/** Access to one account. */
export interface AccountCredentials {
  /** `MASTER`, `USER_1`, … */
  readonly account: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The second factor of the key, if it has one; see `SharedClientOptions`. */
  readonly otp?: OtpSource | undefined;
}

/** Environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Credentials are missing, or the file with them cannot be used. Says where it looked, never what it found. */
export class CredentialsError extends NonceproofError {
  constructor(observed: string, whatToDo: string, cause?: unknown) {
    super('credentials_unusable', `Failed to read credentials: ${observed}. ${whatToDo}`, cause);
  }
}

/** Where credentials come from. */
export interface CredentialsSource {
  readonly environment: Environment;
  readonly readTextFile: (path: string) => Promise<string>;
}

/**
 * MASTER's, from `KRAKEN_API_KEY` and `KRAKEN_API_SECRET`, or else the first entry of the file that
 * `KRAKEN_ACCOUNTS_FILE` names.
 * @throws {CredentialsError}
 */
export async function masterCredentials(source: CredentialsSource): Promise<AccountCredentials> {
  const { KRAKEN_API_KEY: apiKey, KRAKEN_API_SECRET: apiSecret } = source.environment;
  if (apiKey !== undefined && apiSecret !== undefined) return { account: 'MASTER', apiKey, apiSecret };
  const [master] = await accountsFile(source);
  if (master !== undefined) return master;
  throw new CredentialsError(
    'there are none for MASTER',
    'Set KRAKEN_API_KEY and KRAKEN_API_SECRET, or KRAKEN_ACCOUNTS_FILE.',
  );
}

/**
 * The USERs', from the file that `KRAKEN_ACCOUNTS_FILE` names (all entries after the first, which is MASTER's),
 * or else from `KRAKEN_USER_1_API_KEY`, `KRAKEN_USER_1_API_SECRET`, `KRAKEN_USER_2_API_KEY`, … in the order of
 * the numbers, which may have gaps. A missing half is left empty, for the client to refuse.
 * @throws {CredentialsError} when the file cannot be used
 */
export async function userCredentials(source: CredentialsSource): Promise<readonly AccountCredentials[]> {
  const accounts = await accountsFile(source);
  return accounts.length > 0 ? accounts.slice(1) : numberedUsers(source.environment);
}

function numberedUsers(environment: Environment): AccountCredentials[] {
  const names = Object.keys(environment).join('\n');
  const numbers = new Set(
    [...names.matchAll(/^KRAKEN_USER_(\d{1,6})_API_(?:KEY|SECRET)$/gm)].map(([, n]) => n ?? ''),
  );
  return [...numbers]
    .toSorted((a, b) => Number(a) - Number(b))
    .map((number) => ({
      account: `USER_${number}`,
      apiKey: environment[`KRAKEN_USER_${number}_API_KEY`] ?? '',
      apiSecret: environment[`KRAKEN_USER_${number}_API_SECRET`] ?? '',
    }));
}

/** `[{ "account", "apiKey", "apiSecret" }]`, MASTER first; empty when no file is named. */
async function accountsFile(source: CredentialsSource): Promise<readonly AccountCredentials[]> {
  const path = source.environment['KRAKEN_ACCOUNTS_FILE'];
  if (path === undefined || path === '') return [];
  const accounts = parseJson(await readAccountsFile(source, path));
  if (Array.isArray(accounts) && accounts.length > 0 && accounts.every(isCredentials)) return accounts;
  throw new CredentialsError(
    'KRAKEN_ACCOUNTS_FILE names a file that is no list of accounts',
    'Write a JSON array of { "account", "apiKey", "apiSecret" }, MASTER first.',
  );
}

async function readAccountsFile(source: CredentialsSource, path: string): Promise<string> {
  try {
    return await source.readTextFile(path);
  } catch (cause) {
    const observed = 'KRAKEN_ACCOUNTS_FILE names a file that cannot be read';
    throw new CredentialsError(observed, 'Correct the path, or the permissions.', cause);
  }
}

/** Without the parser's error, which quotes the text. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCredentials(entry: unknown): entry is AccountCredentials {
  if (typeof entry !== 'object' || entry === null) return false;
  const {
    account,
    apiKey,
    apiSecret,
    otp = '',
  } = entry as Partial<Record<keyof AccountCredentials, unknown>>;
  return [account, apiKey, apiSecret, otp].every((part) => typeof part === 'string');
}
