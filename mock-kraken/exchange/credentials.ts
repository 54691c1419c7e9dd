import { createRandom, type Random } from '../random.ts';

/** Credentials of one simulated account. */
export interface Credentials {
  /** `MASTER`, `USER_1`, `USER_2`, … */
  readonly account: string;
  /** 56 characters of base64, the length of Kraken's public keys. */
  readonly apiKey: string;
  /** Base64 of 64 bytes. Kraken docs, REST authentication. */
  readonly apiSecret: string;
}

/** What to generate credentials from. */
export interface CredentialsOptions {
  /** How many accounts, MASTER included. */
  readonly users: number;
  /** The same seed gives the same credentials: they are for a mock on loopback and guard nothing. */
  readonly seed: number;
}

const KEY_BYTES = 42;
const SECRET_BYTES = 64;

/** MASTER first, then USER_1, USER_2, … */
export function generateCredentials(options: CredentialsOptions): readonly Credentials[] {
  const random = createRandom(options.seed, 'credentials');
  return Array.from({ length: options.users }, (_, index) => ({
    account: index === 0 ? 'MASTER' : `USER_${index}`,
    apiKey: randomBase64(random, KEY_BYTES),
    apiSecret: randomBase64(random, SECRET_BYTES),
  }));
}

function randomBase64(random: Random, bytes: number): string {
  return Buffer.from(Uint8Array.from({ length: bytes }, () => random() * 256)).toString('base64');
}
