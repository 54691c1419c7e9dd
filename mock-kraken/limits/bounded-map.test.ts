import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

const ENTRIES_MAX = 10_000;

test('a map makes what is missing once, and keeps the last 10,000', () => {
  let made = 0;
  const map = new BoundedMap(() => (made += 1));
  for (let n = 0; n < ENTRIES_MAX; n += 1) map.get(`key ${n}`);
  expect([map.get('key 0'), map.get('key 9999'), made]).toEqual([1, ENTRIES_MAX, ENTRIES_MAX]);
  map.get('one more');
  expect([map.get('key 1'), map.get('key 9999'), map.get('one more')]).toEqual([
    2,
    ENTRIES_MAX,
    ENTRIES_MAX + 1,
  ]);
  expect(made).toBe(ENTRIES_MAX + 1);
  expect(map.get('key 0')).toBe(ENTRIES_MAX + 2);
});
