import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';

test('a full map forgets its oldest entry, and only then is it incomplete', () => {
  const map = new BoundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  expect([map.get('a'), map.get('b'), map.complete]).toEqual([3, 2, true]);
  map.set('c', 4);
  expect([map.get('a'), map.get('b'), map.get('c'), map.complete]).toEqual([undefined, 2, 4, false]);
});

test('what was deleted makes room and leaves the map complete', () => {
  const map = new BoundedMap<number>(1);
  map.set('a', 1);
  map.delete('a');
  map.set('b', 2);
  expect([map.get('a'), map.get('b'), map.complete]).toEqual([undefined, 2, true]);
});
