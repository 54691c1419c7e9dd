import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random.ts';
import { BoundedOutput } from './bounded-output.ts';

async function kept(chunks: Iterable<string>, bytesMax: number): Promise<{ text: string; leftOut: number }> {
  const output = new BoundedOutput(bytesMax);
  const read = text(Readable.from(chunks).pipe(output));
  return { text: await read, leftOut: output.leftOut };
}

function lines(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, i) => `line ${from + i}\n`);
}

describe('the output of a program', () => {
  it('is kept as it is up to the limit', async () => {
    expect(await kept(['ab', 'cdefg', 'h'], 8)).toEqual({ text: 'abcdefgh', leftOut: 0 });
    expect(await kept([], 8)).toEqual({ text: '', leftOut: 0 });
  });

  it('above the limit has its beginning and its end, in whole lines, and how much is missing', async () => {
    const { text: said, leftOut } = await kept(lines(0, 10_000), 400);
    const [head = '', tail = ''] = said.split(`\n[nonceproof left out ${leftOut} bytes here]\n`);
    const all = lines(0, 10_000).join('');
    expect(all.startsWith(head)).toBe(true);
    expect(all.endsWith(tail)).toBe(true);
    expect([head.at(-1), tail.slice(0, 5)]).toEqual(['\n', 'line ']);
    expect(head.length + leftOut + tail.length).toBe(all.length);
    expect(head.length + tail.length).toBeGreaterThan(350);
  });

  it('is bounded and adds up, however it is cut into chunks', async () => {
    const random = createRandom(20_261_126);
    for (let i = 0; i < 300; i += 1) {
      const bytesMax = 1 + Math.floor(random() * 200);
      const chunks = Array.from({ length: Math.floor(random() * 20) }, () =>
        (random() < 0.5 ? 'x\n' : 'y').repeat(Math.floor(random() * 60)),
      ).filter((chunk) => chunk !== '');
      const all = chunks.join('');
      const { text: said, leftOut } = await kept(chunks, bytesMax);
      const parts = said.split(`\n[nonceproof left out ${leftOut} bytes here]\n`);
      expect(parts.join('').length + leftOut).toBe(all.length);
      expect(parts.join('').length).toBeLessThanOrEqual(bytesMax);
      if (all.length <= bytesMax) expect(said).toBe(all);
    }
  });

  it('does not have half of a word at a cut, where there are lines', async () => {
    const secret = 'S'.repeat(88);
    for (let shift = 0; shift < 200; shift += 1) {
      const chunks = ['.'.repeat(shift), '\n', ...Array.from({ length: 50 }, () => `key ${secret}\n`)];
      const { text: said } = await kept(chunks, 1_000);
      expect(said.replaceAll(secret, '')).not.toContain('S');
    }
  });
});
