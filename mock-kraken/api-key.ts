import { keyFingerprint } from './key-fingerprint.ts';
import { NonceHistory } from './nonce-history.ts';
import type { Credentials } from './credentials.ts';

/** What the exchange keeps about one API key. */
export class ApiKey {
  readonly account: string;
  readonly nonces: NonceHistory = new NonceHistory();
  readonly #credentials: Credentials;
  #fingerprint: string | null = null;
  #secret: Buffer | null = null;

  constructor(credentials: Credentials) {
    this.account = credentials.account;
    this.#credentials = credentials;
  }

  /** Short name that may be shown. Computed at first use: most exchanges of an exploration never need it. */
  get fingerprint(): string {
    return (this.#fingerprint ??= keyFingerprint(this.#credentials.apiKey));
  }

  /** The decoded secret. */
  get secret(): Buffer {
    return (this.#secret ??= Buffer.from(this.#credentials.apiSecret, 'base64'));
  }
}
