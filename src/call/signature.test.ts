import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { importApiSecret, signRequest } from './signature.ts';

/** The example of Kraken's authentication guide; the secret is public and belongs to nobody. */
const apiSecret = 'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';
const nonce = '1616492376594';

describe('signRequest', () => {
  it('gives the signature that Kraken publishes', () => {
    const body = `nonce=${nonce}&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25`;
    expect(signRequest({ path: '/0/private/AddOrder', nonce, body, apiSecret })).toBe(
      '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==',
    );
  });

  it('signs a body that holds nothing but the nonce', () => {
    const body = `nonce=${nonce}`;
    expect(signRequest({ path: '/0/private/Balance', nonce, body, apiSecret })).toBe(
      '1nH4vwR+8FHiYh1QT649xXkGd3JR3x0DWkgv3u9Ed/Qqv6KPtgQpEU4m+Emb/VgpEji3j1XNwI+HCbfXxmrTOg==',
    );
  });

  it('signs a JSON body as the text that it is', () => {
    const body = `{"nonce":"${nonce}","ordertype":"limit","pair":"XBTUSD","price":"37500","type":"buy","volume":"1.25"}`;
    expect(signRequest({ path: '/0/private/AddOrder', nonce, body, apiSecret })).toBe(
      'r/o+GpKxXjV/mls/r5CKLu5R+yzK5psqvQ4hXxMX1nzdxTBhV+ui82QGgPZMMitpFwCOAdPEZMmXgZxD2chJEg==',
    );
  });

  it('takes a bigint nonce and an imported secret for the same signature', () => {
    const imported = importApiSecret(apiSecret);
    if (imported === undefined) throw new Error('the published secret is base64');
    const input = { path: '/0/private/Balance', body: `nonce=${nonce}` };
    expect(signRequest({ ...input, nonce: BigInt(nonce), apiSecret: imported })).toBe(
      signRequest({ ...input, nonce, apiSecret }),
    );
  });
});

describe('importApiSecret', () => {
  it.each(['', 'not base64!', 'abc', 'YWJj\n', ' YWJj', '====', '!!!!YWJj', 'YWJj!!!!', 'YWJjY==='])(
    'refuses %j',
    (text) => {
      expect(importApiSecret(text)).toBeUndefined();
    },
  );

  it.each(['YWJj', 'YWI=', 'YQ==', '+/09azAZ'])('takes %j', (text) => {
    expect(importApiSecret(text)).toBeDefined();
  });

  it('does not show the secret when it is printed', () => {
    expect(inspect(importApiSecret(apiSecret), { depth: 9, showHidden: true })).not.toContain('kQH5');
  });
});
