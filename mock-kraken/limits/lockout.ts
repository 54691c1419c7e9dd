import { BoundedMap } from './bounded-map.ts';
import type { LimitsSettings } from './limits-options.ts';

interface Standing {
  failures: number;
  lockedUntilMs: number;
}

/**
 * Shuts out who fails to authenticate too often in a row, for a time that every attempt meanwhile starts anew.
 * Kraken docs, errors guide; Kraken support, API error codes, which adds nonces and signatures to bad keys.
 */
export class Lockout {
  readonly #settings: LimitsSettings;
  readonly #standings = new BoundedMap<Standing>(() => ({ failures: 0, lockedUntilMs: 0 }));

  constructor(settings: LimitsSettings) {
    this.#settings = settings;
  }

  /** Whether `subject` is locked out, which this very attempt then prolongs. */
  isLocked(subject: string, atMs: number): boolean {
    const standing = this.#standings.get(subject);
    if (atMs >= standing.lockedUntilMs) return false;
    standing.lockedUntilMs = atMs + this.#settings.lockoutMs;
    return true;
  }

  /** An attempt failed. */
  noteFailure(subject: string, atMs: number): void {
    const standing = this.#standings.get(subject);
    if (++standing.failures < this.#settings.authFailuresMax) return;
    standing.failures = 0;
    standing.lockedUntilMs = atMs + this.#settings.lockoutMs;
  }

  /** An attempt succeeded: failures only count in a row. */
  noteSuccess(subject: string): void {
    this.#standings.get(subject).failures = 0;
  }
}
