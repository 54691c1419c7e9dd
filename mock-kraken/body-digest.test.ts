import { expect, test } from 'vitest';
import { bodyDigest } from './body-digest.ts';

const ORDER = { pair: 'XBTUSD', type: 'buy', ordertype: 'market', volume: '0.1' };

test('a repeat with a fresh nonce and another password has the same digest, in whatever order it is written', () => {
  const { pair, ...rest } = ORDER;
  const repeat = { nonce: '2', ...rest, otp: '222', pair };
  expect(bodyDigest(repeat)).toBe(bodyDigest({ nonce: '1', otp: '111', ...ORDER }));
});

test.each([{ volume: '0.2' }, { userref: '1' }, { 'pair=XBTUSD&type': 'buy' }])(
  '%j makes another digest',
  (other) => {
    expect(bodyDigest({ ...ORDER, ...other })).not.toBe(bodyDigest(ORDER));
  },
);

test('a digest is short, and says nothing of what it is made of', () => {
  expect(bodyDigest(ORDER)).toMatch(/^[0-9a-f]{16}$/);
});
