import type { Account } from './client-module.ts';

/** What a target is told through its environment, whoever it is. */
export interface TargetEnvironment {
  /** The mock's base URL, no trailing slash. */
  readonly baseUrl: string;
  /** MASTER first. */
  readonly accounts: readonly Account[];
  /** Where the accounts are written as a JSON array. */
  readonly accountsFile: string;
  readonly callsPerAccount: number;
  readonly seed: number;
  /** 0-based. */
  readonly processIndex: number;
}

/** The variables of the contract with a command under verification. */
export function environmentVariables(target: TargetEnvironment): Record<string, string> {
  const master = target.accounts[0];
  return {
    KRAKEN_API_URL: target.baseUrl,
    KRAKEN_API_KEY: master?.apiKey ?? '',
    KRAKEN_API_SECRET: master?.apiSecret ?? '',
    KRAKEN_ACCOUNTS_FILE: target.accountsFile,
    NONCEPROOF_USERS: String(target.accounts.length),
    NONCEPROOF_CALLS: String(target.callsPerAccount),
    NONCEPROOF_SEED: String(target.seed),
    NONCEPROOF_PROCESS: String(target.processIndex),
  };
}
