import type { Credentials } from './credentials.ts';
import { keyFingerprint } from '../key-fingerprint.ts';
import { NonceHistory } from './nonce-history.ts';
import { PERMISSIONS, type Permission } from './permissions.ts';
import type { KeyInfo } from '../venue-interface.ts';

/** How an API key is restricted. By default it is not. */
export interface KeySettings {
  /** Default: all of them. */
  readonly permissions?: readonly Permission[];
  /**
   * How far below the highest accepted nonce a nonce may be, in units of the nonce. Default: 0n, each nonce must
   * be greater. Kraken support, nonce window.
   */
  readonly nonceWindow?: bigint;
  /** UNIX milliseconds from which on the key is no longer valid. Default: never. */
  readonly validUntilMs?: number;
  /** Addresses that may use the key. Default: any. */
  readonly ipAllowlist?: readonly string[];
  /** The static password that each request must carry as `otp`. Default: none. Kraken docs, REST authentication. */
  readonly otp?: string;
}

/** What the exchange keeps about one API key. */
export class ApiKey {
  readonly account: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly nonces: NonceHistory;
  readonly validUntilMs: number | null;
  /** Empty: any. */
  readonly ipAllowlist: readonly string[];
  readonly otp: string | null;
  /** UNIX milliseconds of the last request that was signed with it. */
  lastUsedMs: number;
  readonly #createdMs: number;
  readonly #credentials: Credentials;
  #secret: Buffer | null = null;

  constructor(credentials: Credentials & KeySettings, createdMs: number) {
    this.account = credentials.account;
    this.permissions = credentials.permissions === undefined ? ALL : new Set(credentials.permissions);
    this.nonces = new NonceHistory(credentials.nonceWindow ?? 0n);
    this.validUntilMs = credentials.validUntilMs ?? null;
    this.ipAllowlist = credentials.ipAllowlist ?? [];
    this.otp = credentials.otp ?? null;
    this.lastUsedMs = createdMs;
    this.#createdMs = createdMs;
    this.#credentials = credentials;
  }

  /** Short name that may be shown. */
  get fingerprint(): string {
    return fingerprintOf(this.#credentials);
  }

  /** The decoded secret. */
  get secret(): Buffer {
    return (this.#secret ??= Buffer.from(this.#credentials.apiSecret, 'base64'));
  }

  /** What `GetApiKeyInfo` shows. */
  get info(): KeyInfo {
    return {
      name: this.account,
      apiKey: this.#credentials.apiKey,
      nonce: String(this.nonces.accepted ?? 0n),
      nonceWindow: String(this.nonces.window),
      permissions: [...this.permissions],
      validUntilMs: this.validUntilMs,
      createdMs: this.#createdMs,
      lastUsedMs: this.lastUsedMs,
      ipAllowlist: this.ipAllowlist,
    };
  }
}

/** The exchanges of an exploration are thousands, their accounts the same few. */
const fingerprints = new WeakMap<Credentials, string>();

function fingerprintOf(credentials: Credentials): string {
  const known = fingerprints.get(credentials);
  if (known !== undefined) return known;
  const fingerprint = keyFingerprint(credentials.apiKey);
  fingerprints.set(credentials, fingerprint);
  return fingerprint;
}

const ALL: ReadonlySet<Permission> = new Set(PERMISSIONS);
