import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

test('scope global has one lane for all keys', () => {
  const lanes = new Lanes('global');
  expect(lanes.enter('a')).toBe(0);
  expect(lanes.enter('b')).toBe(1);
  expect(lanes.enter('a')).toBe(2);
  lanes.leave('a');
  lanes.leave('a');
  expect(lanes.enter('c')).toBe(1);
  lanes.leave('b');
  lanes.leave('c');
  expect(lanes.enter('a')).toBe(0);
});

test('scope key has a lane per key', () => {
  const lanes = new Lanes('key');
  expect(lanes.enter('a')).toBe(0);
  expect(lanes.enter('b')).toBe(0);
  expect(lanes.enter('a')).toBe(1);
  lanes.leave('b');
  expect(lanes.enter('b')).toBe(0);
});
