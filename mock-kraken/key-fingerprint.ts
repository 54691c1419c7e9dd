import { hash } from 'node:crypto';

/** A short name for an API key that does not reveal it: the first 12 hex digits of its SHA-256. */
export function keyFingerprint(apiKey: string): string {
  return hash('sha256', apiKey).slice(0, 12);
}
