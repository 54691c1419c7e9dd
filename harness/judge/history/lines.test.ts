import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { forEachLine, LINE_BYTES_MAX } from './lines.ts';
import type { Line } from './lines.ts';

async function linesOf(chunks: readonly (Uint8Array | string)[]): Promise<readonly Line[]> {
  async function* stream(): AsyncGenerator<Uint8Array | string> {
    yield* chunks;
  }
  const lines: Line[] = [];
  await forEachLine(stream(), (line, lineNumber) => {
    lines.push(line);
    expect(lineNumber).toBe(lines.length);
  });
  return lines;
}

test('lines come out whole however the bytes are cut', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\n', '\r\n') });
  await fc.assert(
    fc.asyncProperty(text, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), async (content, sizes) => {
      const bytes = new TextEncoder().encode(content);
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length;) {
        const size = sizes.next().value;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const expected = content.split(/\r?\n/);
      if (expected.at(-1) === '') expected.pop();
      expect(await linesOf(chunks)).toEqual(expected);
    }),
    { seed: 20_261_102, numRuns: 300 },
  );
});

test('a line that is too long is dropped, the next is whole', async () => {
  const half = 'x'.repeat(LINE_BYTES_MAX / 2);
  expect(await linesOf([`a\n${half}`, half, 'x\nb\n', half, half, '\n', half, half, 'x'])).toEqual([
    'a',
    { reason: 'it is too long' },
    'b',
    half + half,
    { reason: 'it is too long' },
  ]);
});

test('a byte order mark is part of a later line', async () => {
  expect(await linesOf(['\ufeffa\n\ufeffb\n', '\ufeff'])).toEqual(['a', '\ufeffb', '\ufeff']);
});

test('a byte order mark is no part of the first line', async () => {
  expect(await linesOf([Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0x0a)])).toEqual(['a']);
});

const NOT_UTF8 = { reason: 'it is not UTF-8' };

test.each([
  ['ends inside a character, after two of three bytes', [0x61, 0xe2, 0x82], [NOT_UTF8]],
  ['ends inside a character, after one of four bytes', [0x61, 0x0a, 0xf0], ['a', NOT_UTF8]],
  ['has a byte that begins no character', [0xff, 0x0a, 0x61], [NOT_UTF8, 'a']],
  ['has the replacement character itself', [0xef, 0xbf, 0xbd, 0x0a, 0x61], ['\ufffd', 'a']],
])('a file that %s is read for what it is', async (_name, bytes, lines) => {
  expect(await linesOf(bytes.map((byte) => Uint8Array.of(byte)))).toEqual(lines);
});
