import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact.ts';

describe('what a redactor without any value', () => {
  const redact = createRedactor([]);

  it('takes out: keys, secrets and signatures, bare, in JSON and in a URL', () => {
    for (let i = 0; i < 200; i += 1) {
      const key = randomBytes(42).toString('base64');
      const secret = randomBytes(64).toString('base64');
      const text = `key ${key}, {"apiSecret":"${secret}"} API-Sign=${encodeURIComponent(secret).replaceAll('%2F', '/')}`;
      const clean = redact(text);
      expect(clean).not.toContain(key);
      expect(clean).not.toContain(secret.slice(0, 40));
    }
  });

  it('leaves: everything else', () => {
    const text = `nonce 1795366283660587661, sha256 ${'ab12'.repeat(16)}, order OABC12-DEFGH-IJKLMN\n`;
    expect(redact(text)).toBe(text);
  });
});

describe('a value that is known', () => {
  const secret = Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 37 + 250) % 256)).toString('base64');
  const redact = createRedactor([secret, 'short']);

  it.each([
    ['as it is, behind its variable’s name', `KRAKEN_API_SECRET=${secret}`],
    ['in a URL', `?k=${encodeURIComponent(secret)}&x=1`],
    ['escaped for JSON', `"${secret.replaceAll('/', String.raw`\/`)}"`],
    ['base64url', Buffer.from(secret, 'base64').toString('base64url')],
    ['without padding, between letters', `x${secret.replace(/=+$/, '')}y`],
  ])('is taken out %s', (_, text) => {
    const clean = redact(text);
    expect(clean).toContain('taken out');
    expect(clean).not.toContain(secret.slice(4, 20));
  });

  it('is left alone when it is too short to be a credential', () => {
    expect(redact('a short story')).toBe('a short story');
  });
});
