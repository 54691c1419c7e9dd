import { expect, test } from 'vitest';
import { Records } from './records.ts';

const record = (account: string, number: number): { account: string; number: number } => ({
  account,
  number,
});

test('beyond the limit the oldest record goes, whoever owns it', () => {
  const records = new Records<ReturnType<typeof record>>(3);
  records.add('a', record('MASTER', 1));
  records.add('b', record('USER_1', 2));
  for (const number of [3, 4, 5]) records.add(`c${number}`, record('MASTER', number));
  expect([...records.of('MASTER')].map(({ number }) => number)).toEqual([3, 4, 5]);
  expect([...records.of('USER_1')]).toEqual([]);
  expect(records.get('MASTER', 'a')).toBeUndefined();
});

test('nobody gets a record of somebody else', () => {
  const records = new Records<ReturnType<typeof record>>(3);
  records.add('a', record('MASTER', 1));
  expect(records.get('USER_1', 'a')).toBeUndefined();
  expect(records.get('MASTER', 'a')?.number).toBe(1);
});
