import { describe, expect, test } from 'vitest';
import { FAULT_KINDS } from './fault-kinds.ts';
import { kindsOf } from './fault-plan.ts';
import { FaultScript } from './fault-script.ts';
import { namedFaultPlan } from './named-plans.ts';

test('the seed fixes a plan', () => {
  const options = { seed: 1, calls: 1000 };
  expect(namedFaultPlan('network', options)).toEqual(namedFaultPlan('network', options));
  expect(namedFaultPlan('network', options)).not.toEqual(namedFaultPlan('network', { ...options, seed: 2 }));
});

test('hostile contains every kind, network some of them', () => {
  const options = { seed: 1, calls: 1000 };
  expect(kindsOf(namedFaultPlan('hostile', options))).toEqual(FAULT_KINDS);
  const network = kindsOf(namedFaultPlan('network', options));
  expect(network.length).toBeGreaterThan(5);
  expect(network.length).toBeLessThan(FAULT_KINDS.length);
});

test('the faults are dealt over four fifths of the run, and what can do harm is aimed at orders, too', () => {
  const { faults } = namedFaultPlan('hostile', { seed: 1, calls: 1000 });
  const places = (method?: string): number[] =>
    faults.filter((fault) => fault.method === method).map(({ nth }) => nth);
  const anywhere = places();
  expect(anywhere).toHaveLength(faults.length - places('AddOrder').length);
  const stretch = 800 / anywhere.length;
  anywhere.forEach((nth, index) => {
    expect(nth).toBeGreaterThan(index * stretch);
    expect(nth).toBeLessThanOrEqual(1 + (index + 1) * stretch);
  });
  expect(Math.max(...places('AddOrder'))).toBeLessThanOrEqual(80);
  const aimed = faults.filter(({ method }) => method === 'AddOrder').map(({ kind }) => kind);
  expect(aimed).toContain('drop-after-apply');
  expect(aimed).not.toContain('refuse');
});

test('which kind strikes early and which late is the seed\u2019s choice', () => {
  const first = (seed: number) => namedFaultPlan('hostile', { seed, calls: 1000 }).faults[0]?.kind;
  expect(new Set([1, 2, 3, 4, 5].map(first)).size).toBeGreaterThan(1);
});

test('a request is delivered twice with its deliveries far apart and close together', () => {
  const { faults } = namedFaultPlan('hostile', { seed: 1, calls: 1000 });
  const lasting = faults.filter(({ kind }) => kind === 'duplicate-second-reply').map(({ ms }) => ms);
  expect(lasting).toHaveLength(2);
  expect(new Set(lasting)).toEqual(new Set([0, undefined]));
});

test('a client that makes one call at a time and never again meets every kind', () => {
  for (const calls of [60, 100, 400, 1000]) {
    const script = new FaultScript(namedFaultPlan('hostile', { seed: 7, calls }));
    const met = new Set<string>();
    for (let n = 0; n < calls; n++) {
      const target = { account: 'MASTER', method: n % 4 === 0 ? 'AddOrder' : 'Balance', apiKey: 'MASTER' };
      const fault = script.next(target, n * 60);
      if (fault !== null) met.add(fault.kind);
    }
    expect(FAULT_KINDS.filter((kind) => !met.has(kind))).toEqual([]);
  }
});

describe('a plan that keeps few orders from the exchange without saying so', () => {
  const OPEN =
    /^(reset-before-arrival|drop-before-apply|html-\d+-before-apply|unavailable|busy|invalid-nonce|maintenance)$/;
  const planOf = (seed: number, absentOrders = 2) =>
    namedFaultPlan('hostile', { seed, calls: 1000, timesPerKind: 1, absentOrders }).faults;
  const absent = (seed: number): string[] =>
    planOf(seed)
      .filter(({ kind, method }) => OPEN.test(kind) && method === 'AddOrder')
      .map(({ kind }) => kind);

  test('aims the other kinds of that sort at reads, leaves the rest alone, and has every kind', () => {
    for (const seed of [1, 2, 3]) {
      const faults = planOf(seed);
      expect(faults.map(({ kind }) => kind).sort()).toEqual([...FAULT_KINDS].sort());
      expect(absent(seed)).toHaveLength(2);
      for (const { kind, method, nth } of faults) {
        if (!OPEN.test(kind)) expect(method).toBeUndefined();
        else expect(['AddOrder', 'Balance']).toContain(method);
        expect(nth).toBeLessThanOrEqual(method === 'AddOrder' ? 80 : method === 'Balance' ? 115 : 800);
      }
    }
  });

  test('lets the seed choose which strike orders, so that each of them does with some seed', () => {
    const met = new Set(Array.from({ length: 60 }, (_, seed) => absent(seed)).flat());
    expect(FAULT_KINDS.filter((kind) => OPEN.test(kind) && !met.has(kind))).toEqual([]);
  });

  test('keeps none from it when none may be', () => {
    expect(planOf(1, 0).filter(({ method }) => method === 'AddOrder')).toEqual([]);
  });
});

test('a run of few calls gets a plan, too', () => {
  const { faults } = namedFaultPlan('network', { seed: 1, calls: 1 });
  expect(faults.every(({ nth }) => nth === 1)).toBe(true);
});

test('how long a kind lasts may be said', () => {
  const { faults } = namedFaultPlan('hostile', { seed: 1, calls: 1000, ms: { 'slow-service': 20_000 } });
  const lasting = faults.filter(({ kind }) => kind === 'slow-service');
  expect(lasting.map(({ kind, ms }) => [kind, ms])).toEqual([
    ['slow-service', 20_000],
    ['slow-service', 20_000],
  ]);
});
