import { createHash } from 'node:crypto';
import type { RequestParams } from './venue.ts';

/** What differs between two attempts at the same thing, and what must not be recognised by anybody. */
const LEFT_OUT: ReadonlySet<string> = new Set(['nonce', 'otp']);

const DIGEST_CHARS = 16;

/** A short name for what a request asks for: the same for two bodies that differ in nothing but their nonce. */
export function bodyDigest(params: RequestParams): string {
  const entries = Object.entries(params)
    .filter(([name]) => !LEFT_OUT.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, DIGEST_CHARS);
}
