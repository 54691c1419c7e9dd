import { expect, test } from 'vitest';
import type { PlannedFault } from './fault-plan.ts';
import { FaultScript } from './fault-script.ts';

function scriptOf(...faults: PlannedFault[]): FaultScript {
  return new FaultScript({ version: 1, name: 'test', faults });
}

function call(method: string, account: string | null = 'MASTER'): Parameters<FaultScript['next']>[0] {
  return { account, method, apiKey: account ?? 'nobody' };
}

test('a fault strikes the nth call, once', () => {
  const script = scriptOf({ kind: 'busy', nth: 2 });
  const kinds = [1, 2, 3, 4].map(() => script.next(call('Balance'), 0)?.kind);
  expect(kinds).toEqual([undefined, 'busy', undefined, undefined]);
});

test('only calls that fit are counted', () => {
  const script = scriptOf({ kind: 'busy', nth: 2, method: 'AddOrder', account: 'USER_1' });
  const calls = [
    call('AddOrder'),
    call('AddOrder', 'USER_1'),
    call('Balance', 'USER_1'),
    call('AddOrder', null),
  ];
  expect(calls.map((each) => script.next(each, 0))).toEqual([null, null, null, null]);
  expect(script.next(call('AddOrder', 'USER_1'), 0)?.kind).toBe('busy');
});

test('of two faults that are due at once the second strikes the next call', () => {
  const script = scriptOf({ kind: 'busy', nth: 2 }, { kind: 'truncate', nth: 1, method: 'AddOrder' });
  script.next(call('Balance'), 0);
  expect(script.next(call('AddOrder'), 0)?.kind).toBe('busy');
  expect(script.next(call('Balance'), 0)).toBeNull();
  expect(script.next(call('AddOrder'), 0)?.kind).toBe('truncate');
});

test('a fault that is given back strikes the next call that fits', () => {
  const script = scriptOf({ kind: 'truncate', nth: 1 });
  const fault = script.next(call('AddOrder'), 0);
  if (fault !== null) script.giveBack(fault);
  expect(script.next(call('AddOrder'), 0)?.kind).toBe('truncate');
  script.giveBack({ kind: 'truncate' });
  expect(script.next(call('AddOrder'), 0)).toBeNull();
});

test('maintenance closes the exchange for everybody, for a time', () => {
  const script = scriptOf({ kind: 'maintenance', nth: 1, ms: 100 });
  expect(script.next(call('Balance'), 0)?.kind).toBe('maintenance');
  expect(script.isUnderMaintenance(99)).toBe(true);
  expect(script.next(call('Balance', 'USER_1'), 99)?.kind).toBe('maintenance');
  expect(script.next(call('Balance'), 100)).toBeNull();
});

test('a lockout holds one key, and every attempt starts it anew', () => {
  const script = scriptOf({ kind: 'lockout', nth: 1, ms: 100 });
  const kinds = [0, 99, 198].map((atMs) => script.next(call('Balance'), atMs)?.kind);
  expect(kinds).toEqual(['lockout', 'lockout', 'lockout']);
  expect(script.next(call('Balance', 'USER_1'), 200)).toBeNull();
  expect(script.next(call('Balance'), 298)).toBeNull();
});

test('a plan is not changed by being carried out', () => {
  const faults = Object.freeze([Object.freeze({ kind: 'busy', nth: 1 } as const)]);
  const script = new FaultScript({ version: 1, name: 'test', faults });
  expect(script.next(call('Balance'), 0)).toEqual({ kind: 'busy', nth: 1 });
});

test('no period swallows more than a few calls, however fast they come', () => {
  const swallowed = (kind: 'maintenance' | 'lockout'): number => {
    const script = scriptOf({ kind, nth: 1, ms: 60_000 });
    return Array.from({ length: 50 }, () => script.next(call('Balance'), 0)).filter((fault) => fault !== null)
      .length;
  };
  expect(swallowed('maintenance')).toBe(11);
  expect(swallowed('lockout')).toBe(6);
});
