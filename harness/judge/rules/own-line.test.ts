import { expect, test } from 'vitest';
import { aClientCall } from './history.test-support.ts';
import { waitsForOwn } from './own-line.ts';

/** Calls as `tag account asked settled`; `-` never settles. The trouble of each by its tag. */
function waiting(
  calls: readonly string[],
  trouble: Readonly<Record<string, number>>,
): Record<string, number> {
  const asked = calls.map((text) => {
    const [tag = '', account = '', askedMs, settledMs] = text.split(' ');
    return aClientCall(tag, {
      account,
      askedMs: Number(askedMs),
      settledMs: settledMs === '-' ? null : Number(settledMs),
    });
  });
  return Object.fromEntries(waitsForOwn(asked, (tag) => trouble[tag] ?? null));
}

test('a call waits for an earlier one of its account that is in trouble, until that has ended', () => {
  expect(waiting(['a M 0 10', 'b M 5 20', 'c M 10 30'], { a: 7 })).toEqual({ b: 7, c: 7 });
  expect(waiting(['a M 0 10', 'b M 10 20'], { a: 7 })).toEqual({ b: 7 });
  expect(waiting(['a M 0 10', 'b M 11 20'], { a: 7 })).toEqual({});
});

test('without trouble there is no line, nor is there for another account', () => {
  expect(waiting(['a M 0 10', 'b M 5 20'], {})).toEqual({});
  expect(waiting(['a M 0 10', 'b U 5 20', 'c M 6 20'], { a: 7 })).toEqual({ c: 7 });
});

test('those that wait prolong the line, and it ends with the longest', () => {
  expect(waiting(['a M 0 10', 'b M 5 50', 'c M 40 45', 'd M 48 60', 'e M 70 80'], { a: 7 })).toEqual({
    b: 7,
    c: 7,
    d: 7,
  });
  expect(waiting(['a M 0 50', 'b M 5 10', 'c M 40 60'], { a: 7 })).toEqual({ b: 7, c: 7 });
  expect(waiting(['a M 0 -', 'b M 500 600'], { a: 7 })).toEqual({ b: 7 });
});

test('a new trouble after the end of a line opens another', () => {
  expect(waiting(['a M 0 10', 'b M 20 30', 'c M 25 40'], { a: 7, b: 22 })).toEqual({ c: 22 });
});

test('a call without trouble after the end of a line closes it', () => {
  expect(waiting(['a M 0 10', 'b M 20 30', 'c M 9 40'], { a: 7 })).toEqual({});
});
