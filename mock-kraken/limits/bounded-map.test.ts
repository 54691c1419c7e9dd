import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

const ENTRIES_MAX = 10_000;

test('a map makes what is missing once, and keeps the 10,000 that were used last', () => {
  let made = 0;
  const map = new BoundedMap(() => (made += 1));
  for (let n = 0; n < ENTRIES_MAX; n += 1) map.get(`key ${n}`);
  expect([map.get('key 9999'), map.get('key 0'), made]).toEqual([ENTRIES_MAX, 1, ENTRIES_MAX]);
  expect(map.get('one more')).toBe(ENTRIES_MAX + 1);
  expect([map.get('key 0'), map.get('key 2'), map.get('one more'), made]).toEqual([
    1,
    3,
    ENTRIES_MAX + 1,
    ENTRIES_MAX + 1,
  ]);
  expect(map.get('key 1')).toBe(ENTRIES_MAX + 2);
});
