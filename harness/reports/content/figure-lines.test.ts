import { describe, expect, test } from 'vitest';
import { aCall } from '../../judge/rules/history.test-support.ts';
import { PLAIN } from '../colors.ts';
import { figureRows, figuresOf } from './figure-lines.ts';
import { GOOD, judged } from '../fixtures.test-support.ts';
import { terminalReport } from '../terminal.ts';

const MIXED = [1, 2, 3, 4, 5, 6, 7].map((seq) =>
  aCall(seq, {
    method: ['Balance', 'AddOrder', 'OpenOrders', 'Ledgers', 'Fee', 'Status', 'Balance'][seq - 1] ?? '',
  }),
);

describe('figures in rows', () => {
  test('are of all calls alone where all have one method', () => {
    const [all, ...others] = figureRows(judged(GOOD).facts.statistics);
    expect(others).toEqual([]);
    expect(all).toEqual({
      name: 'all calls',
      calls: '4',
      rate: '114/s',
      queueWait: '–',
      service: '5.0 ms · 5.0 ms · 5.0 ms · 5.0 ms',
      total: '–',
    });
  });

  test('are of each method as well, most frequent first', () => {
    const rows = figureRows(judged(MIXED).facts.statistics);
    expect(rows.map(({ name, calls }) => `${name} ${calls}`).slice(0, 3)).toEqual([
      'all calls 7',
      'Balance 2',
      'AddOrder 1',
    ]);
    expect(rows).toHaveLength(7);
  });

  test('are one line each where there are no tables', () => {
    const [all] = figureRows(judged(GOOD).facts.statistics);
    expect(all && figuresOf(all)).toBe(
      '4 calls, 114/s; p50 · p90 · p99 · max: queue wait –; service 5.0 ms · 5.0 ms · 5.0 ms · 5.0 ms; total –',
    );
  });
});

test('a terminal shows the four most frequent methods, and how many more there are', () => {
  const { verdict, facts } = judged(MIXED);
  const report = terminalReport(verdict, facts, PLAIN);
  expect(report).toContain('\n         Balance: 2 calls, service p50 5.0 ms, p99 5.0 ms\n');
  expect(report).toContain('\n         2 further methods\n');
  expect(report).not.toContain('Status: 1 call');
});
