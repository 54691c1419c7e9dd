import { createHash, createHmac } from 'node:crypto';
import { importApiSecret, signRequest } from '../src/index.ts';
import { assert, compare } from './suite.ts';

/** The example of Kraken's authentication guide. */
const SECRET = 'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==';
const PATH = '/0/private/AddOrder';
const NONCE = 1_616_492_376_594n;
const BODY = 'nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25';
const EXPECTED = '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==';

function bySample(): string {
  const digest = createHash('sha256').update(`${NONCE}${BODY}`).digest();
  const hmac = createHmac('sha512', Buffer.from(SECRET, 'base64'));
  return hmac.update(PATH).update(digest).digest('base64');
}

export async function benchSignature(): Promise<void> {
  const apiSecret = importApiSecret(SECRET);
  assert(apiSecret !== undefined, 'the secret is not base64');
  const signatures = { ours: '', sample: '' };
  await compare('signature: one AddOrder', [
    {
      name: 'signRequest',
      round() {
        signatures.ours = signRequest({ path: PATH, nonce: NONCE, body: BODY, apiSecret });
      },
      check: () => assert(signatures.ours === EXPECTED, 'signRequest'),
    },
    {
      name: "as Kraken's sample does it",
      round() {
        signatures.sample = bySample();
      },
      check: () => assert(signatures.sample === EXPECTED, 'sample'),
    },
  ]);
}
