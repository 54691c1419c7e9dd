import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everything, pan, ticks, zoom } from './viewport.ts';

const END_NS = 1e9;

describe('what the timeline shows', () => {
  it('never leaves the run, however it is moved and zoomed', () => {
    const move = fc.oneof(
      fc.double({ min: -5, max: 5, noNaN: true }).map((share) => ({ share })),
      fc.record({
        factor: fc.double({ min: 0.001, max: 1000, noNaN: true }),
        atNs: fc.double({ min: -END_NS, max: 2 * END_NS, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        const all = everything(END_NS);
        let viewport = all;
        for (const step of moves) {
          viewport = 'share' in step ? pan(viewport, step.share, END_NS) : zoom(viewport, step, END_NS);
          expect(viewport.fromNs).toBeGreaterThanOrEqual(all.fromNs - 1);
          expect(viewport.toNs).toBeLessThanOrEqual(all.toNs + 1);
          expect(viewport.toNs - viewport.fromNs).toBeGreaterThanOrEqual(999);
        }
      }),
      { seed: 6 },
    );
  });

  it('keeps the moment under the pointer where it is', () => {
    const before = { fromNs: 2e8, toNs: 6e8 };
    const after = zoom(before, { factor: 0.5, atNs: 3e8 }, END_NS);
    expect(after).toEqual({ fromNs: 2.5e8, toNs: 4.5e8 });
  });

  it('has round times on its axis, all inside, and not too many', () => {
    expect(ticks({ fromNs: -1e7, toNs: 1.01e9 }, 5)).toEqual([0, 5e8, 1e9]);
    expect(ticks({ fromNs: 123, toNs: 456 }, 4)).toEqual([200, 300, 400]);
  });
});
