import { expect, test } from 'vitest';
import { FAULT_KINDS } from './fault-kinds.ts';
import { kindsOf } from './fault-plan.ts';
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

test('every fault is due within the first half of the run, and what can do harm is aimed at orders, too', () => {
  const { faults } = namedFaultPlan('hostile', { seed: 1, calls: 1000 });
  for (const { nth, method } of faults) expect(nth).toBeLessThanOrEqual(method === undefined ? 500 : 50);
  const aimed = faults.filter(({ method }) => method === 'AddOrder').map(({ kind }) => kind);
  expect(aimed).toContain('drop-after-apply');
  expect(aimed).not.toContain('refuse');
});

test('a run of few calls gets a plan, too', () => {
  const { faults } = namedFaultPlan('network', { seed: 1, calls: 1 });
  expect(faults.every(({ nth }) => nth === 1)).toBe(true);
});

test('how long a kind lasts may be said', () => {
  const { faults } = namedFaultPlan('hostile', { seed: 1, calls: 100, ms: { 'slow-service': 20_000 } });
  const lasting = faults.filter(({ ms }) => ms !== undefined);
  expect(lasting.map(({ kind, ms }) => [kind, ms])).toEqual([
    ['slow-service', 20_000],
    ['slow-service', 20_000],
  ]);
});
