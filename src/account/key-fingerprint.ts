import { hash } from 'node:crypto';

/**
 * A name for an API key that does not give it away: 16 hexadecimal digits of its SHA-256. Names the lane of a
 * key, and stands for the key in events and errors.
 */
export function keyFingerprint(apiKey: string): string {
  return hash('sha256', apiKey).slice(0, 16);
}
