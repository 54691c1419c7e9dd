import { expect, test } from 'vitest';
import { isSignedBy, sign } from './signature.ts';

const SECRET = Buffer.from(
  'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==',
  'base64',
);
const NONCE = '1616492376594';

/** The first is Kraken's own (docs, REST authentication); the others were derived from it by hand. */
const VECTORS = [
  {
    name: 'Kraken’s own AddOrder',
    path: '/0/private/AddOrder',
    body: `nonce=${NONCE}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`,
    signature: '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==',
  },
  {
    name: 'Balance',
    path: '/0/private/Balance',
    body: `nonce=${NONCE}`,
    signature: '1nH4vwR+8FHiYh1QT649xXkGd3JR3x0DWkgv3u9Ed/Qqv6KPtgQpEU4m+Emb/VgpEji3j1XNwI+HCbfXxmrTOg==',
  },
  {
    name: 'AddOrder as JSON',
    path: '/0/private/AddOrder',
    body: `{"nonce":"${NONCE}","ordertype":"limit","pair":"XBTUSD","price":"37500","type":"buy","volume":"1.25"}`,
    signature: 'r/o+GpKxXjV/mls/r5CKLu5R+yzK5psqvQ4hXxMX1nzdxTBhV+ui82QGgPZMMitpFwCOAdPEZMmXgZxD2chJEg==',
  },
];

test.each(VECTORS)('the signature of $name is the known one', ({ path, body, signature }) => {
  expect(sign(SECRET, { path, nonce: NONCE, body }).toString('base64')).toBe(signature);
});

test.each(VECTORS)(
  'the signature of $name holds for its own text and bytes only',
  ({ path, body, signature }) => {
    const parts = { path, nonce: NONCE, body };
    expect(isSignedBy(SECRET, signature, parts)).toBe(true);
    expect(isSignedBy(SECRET, signature, { ...parts, body: Buffer.from(body) })).toBe(true);
    expect(isSignedBy(SECRET, signature, { ...parts, body: `${body} ` })).toBe(false);
    expect(isSignedBy(SECRET, signature, { ...parts, nonce: '1616492376595' })).toBe(false);
    expect(isSignedBy(SECRET, signature, { ...parts, path: `${path}/` })).toBe(false);
    expect(isSignedBy(SECRET.subarray(1), signature, parts)).toBe(false);
  },
);

test.each(['', '!!!', 'AAAA', 'A'.repeat(10_000)])('%j signs nothing', (signature) => {
  expect(isSignedBy(SECRET, signature, { path: '/', nonce: '1', body: '' })).toBe(false);
});
