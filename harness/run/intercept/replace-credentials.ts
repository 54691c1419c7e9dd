import type { Account } from '../targets/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable's name says its value is. */
type Half = 'apiKey' | 'apiSecret';

/**
 * Names under which programs look for access to Kraken. In older clients the secret is called "private key", and
 * the key "public key". A password or a second factor is of no use here and is not passed on either.
 */
const HALVES: readonly (readonly [RegExp, Half | null])[] = [
  [/(^|_)(OTP|2FA|TOTP|PASSWORD|PASSPHRASE|PASSWD|WS_TOKEN|TOKEN)$/, null],
  [
    /(^|_)(SECRET|SECRET_KEY|API_SECRET|APISECRET|PRIVATE_KEY|PRIVATEKEY|API_SIGN|PRIVATE|SECRETKEY)(_?\d+)?$/,
    'apiSecret',
  ],
  [/(^|_)(KEY|API_KEY|APIKEY|PUBLIC_KEY|PUBLICKEY|KEY_ID|PUBLIC|API)(_?\d+)?$/, 'apiKey'],
];

/**
 * Replaces every access to Kraken that the environment holds by the run's own: `KRAKEN_USER_3_…` by USER_3's,
 * all others by those of the first account. Variables are recognised by their names: `KRAKEN` somewhere in it,
 * and what it is at its end. What lies in files is not seen here.
 */
export function replaceCredentials(env: Environment, accounts: readonly Account[]): Environment {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const found = krakenVariable(name);
      if (found === undefined || value === undefined) return [[name, value]];
      const account = accountOf(found.owner, accounts);
      return found.half === null || account === undefined ? [] : [[name, account[found.half]]];
    }),
  );
}

/** A variable that gives access to Kraken. */
export interface KrakenVariable {
  /** `null`: neither, but a password, a token or a second factor. */
  readonly half: Half | null;
  /** Names the account, perhaps. */
  readonly owner: string;
}

/** Reads the name of a variable; `undefined` when it does not speak of access to Kraken. */
export function krakenVariable(name: string): KrakenVariable | undefined {
  const upper = name.toUpperCase();
  if (!upper.includes('KRAKEN')) return undefined;
  const match = HALVES.find(([pattern]) => pattern.test(upper));
  return match === undefined ? undefined : { half: match[1], owner: upper };
}

/** The account that a name speaks of; one that this run does not have has no credentials at all. */
function accountOf(name: string, accounts: readonly Account[]): Account | undefined {
  const user = /USER_?(\d{1,6})(?!\d)/.exec(name)?.[1];
  return user === undefined ? accounts[0] : accounts.find(({ account }) => account === `USER_${user}`);
}
