import { expect, test } from 'vitest';
import { FaultPlanError } from './fault-plan-error.ts';
import { faultPlanJsonSchema, kindsOf, parseFaultPlan, type FaultPlan } from './fault-plan.ts';
import { namedFaultPlan } from './named-plans.ts';

test('a plan survives being written to a file and read again', () => {
  const plan = namedFaultPlan('hostile', { seed: 3, calls: 1000 });
  expect(parseFaultPlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
});

test('a plan may aim at a method, an account, and say how long', () => {
  const plan: FaultPlan = {
    version: 1,
    name: 'mine',
    faults: [{ kind: 'slow-service', nth: 2, method: 'AddOrder', account: 'USER_1', ms: 60_000 }],
  };
  expect(parseFaultPlan(plan)).toEqual(plan);
});

test.each([
  ['', null],
  ['', []],
  ['version', { version: 2, name: 'x', faults: [] }],
  ['name', { version: 1, name: '', faults: [] }],
  ['faults', { version: 1, name: 'x' }],
  ['faults.0.kind', { version: 1, name: 'x', faults: [{ kind: 'earthquake', nth: 1 }] }],
  ['faults.0.nth', { version: 1, name: 'x', faults: [{ kind: 'busy', nth: 0 }] }],
  ['faults.0.ms', { version: 1, name: 'x', faults: [{ kind: 'busy', nth: 1, ms: -1 }] }],
  ['faults.0', { version: 1, name: 'x', faults: [{ kind: 'busy', nth: 1, msec: 5 }] }],
  [
    'faults',
    { version: 1, name: 'x', faults: Array.from({ length: 10_001 }, () => ({ kind: 'busy', nth: 1 })) },
  ],
])('what is wrong at %j is said', (path, plan) => {
  expect(() => parseFaultPlan(plan)).toThrow(FaultPlanError);
  expect(() => parseFaultPlan(plan)).toThrow(
    expect.objectContaining({ path, code: 'fault_plan_unreadable' }),
  );
});

test('the kinds of a plan are each named once', () => {
  const faults = ['busy', 'refuse', 'busy'].map((kind) => ({ kind, nth: 1 }));
  expect(kindsOf(parseFaultPlan({ version: 1, name: 'x', faults }))).toEqual(['refuse', 'busy']);
});

test('the file format has a JSON Schema', () => {
  expect(faultPlanJsonSchema()).toMatchObject({ type: 'object', required: ['version', 'name', 'faults'] });
});
