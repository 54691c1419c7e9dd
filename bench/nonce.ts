import { createNonceSource, systemRuntime } from '../src/index.ts';
import { assert, compare } from './suite.ts';
import type { Case } from './suite.ts';

/** Draws 100 nonces a round. */
function drawing(name: string, next: () => bigint, isIncreasing = true): Case {
  let last = 0n;
  let rises = true;
  return {
    name,
    round() {
      for (let n = 0; n < 100; n += 1) {
        const nonce = next();
        rises &&= nonce > last;
        last = nonce;
      }
    },
    check: () => assert(rises || !isIncreasing, `${name} did not rise`),
  };
}

export async function benchNonce(): Promise<void> {
  const source = createNonceSource(systemRuntime.clock);
  let counter = 0n;
  await compare('nonce: 100 draws', [
    drawing('createNonceSource, system clock', () => source.next()),
    drawing('bare bigint counter', () => (counter += 1n)),
    drawing('Date.now() * 10^6, no guard (wrong)', () => BigInt(Date.now()) * 1_000_000n, false),
  ]);
}
