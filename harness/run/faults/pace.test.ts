import { expect, test } from 'vitest';
import type { FaultPlan, PlannedFault } from '../../../mock-kraken/index.ts';
import { slowestServiceMs } from './pace.ts';

const USUAL = { serviceMs: 10, arrivalJitterMs: 3 };
const USUAL_MS = 53;

function plan(...faults: PlannedFault[]): FaultPlan {
  return { version: 1, name: 'test', faults };
}

test('without slow faults it is the usual service, held five times longer, and the way there', () => {
  expect(slowestServiceMs(plan({ kind: 'truncate', nth: 1 }), USUAL)).toBe(USUAL_MS);
});

test('a slow service or a long way comes on top, by the plan or by default', () => {
  expect(slowestServiceMs(plan({ kind: 'slow-service', nth: 1, ms: 700 }), USUAL)).toBe(700 + USUAL_MS);
  expect(slowestServiceMs(plan({ kind: 'slow-service', nth: 1 }), USUAL)).toBe(5_000 + USUAL_MS);
  expect(slowestServiceMs(plan({ kind: 'delay-arrival', nth: 1, ms: 90 }), USUAL)).toBe(90 + USUAL_MS);
  expect(slowestServiceMs(plan({ kind: 'duplicate-second-reply', nth: 1, ms: 90 }), USUAL)).toBe(
    90 + USUAL_MS,
  );
});

test('silence and dripping after the decision do not: the exchange is done by then', () => {
  const faults = plan(
    { kind: 'drop-after-apply', nth: 1, ms: 9_000 },
    { kind: 'slow-drip', nth: 1, ms: 9_000 },
  );
  expect(slowestServiceMs(faults, USUAL)).toBe(USUAL_MS);
});
