import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

test('scope global has one lane for all keys', () => {
  const lanes = new Lanes('global');
  expect(lanes.enter('a')).toBe(false);
  expect(lanes.enter('b')).toBe(true);
  lanes.leave('a');
  expect(lanes.enter('c')).toBe(true);
  lanes.leave('b');
  lanes.leave('c');
  expect(lanes.enter('a')).toBe(false);
});

test('scope key has a lane per key', () => {
  const lanes = new Lanes('key');
  expect(lanes.enter('a')).toBe(false);
  expect(lanes.enter('b')).toBe(false);
  expect(lanes.enter('a')).toBe(true);
  lanes.leave('b');
  expect(lanes.enter('b')).toBe(false);
});
