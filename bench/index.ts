/** Every benchmark, one after the other. `npm run bench -- lock` runs only those whose name contains "lock". */
import { benchCoordinators } from './coordinators.ts';
import { benchExplore } from './explore.ts';
import { benchJudge } from './judge.ts';
import { benchLock } from './lock.ts';
import { benchMockRequest } from './mock-request.ts';
import { benchNonce } from './nonce.ts';
import { benchSignature } from './signature.ts';

const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  nonce: benchNonce,
  lock: benchLock,
  signature: benchSignature,
  'mock-request': benchMockRequest,
  judge: benchJudge,
  explore: benchExplore,
  coordinators: benchCoordinators,
};

const wanted = process.argv[2] ?? '';
for (const [name, run] of Object.entries(BENCHMARKS)) if (name.includes(wanted)) await run();
