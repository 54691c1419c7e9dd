import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redact } from './redact.ts';

describe('redact', () => {
  it('takes out keys, secrets and signatures, bare, in JSON and in a URL', () => {
    for (let i = 0; i < 200; i += 1) {
      const key = randomBytes(42).toString('base64');
      const secret = randomBytes(64).toString('base64');
      const text = `key ${key}, {"apiSecret":"${secret}"} API-Sign=${encodeURIComponent(secret).replaceAll('%2F', '/')}`;
      const clean = redact(text);
      expect(clean).not.toContain(key);
      expect(clean).not.toContain(secret.slice(0, 40));
    }
  });

  it('leaves everything else as it is', () => {
    const text = `nonce 1795366283660587661, sha256 ${'ab12'.repeat(16)}, order OABC12-DEFGH-IJKLMN\n`;
    expect(redact(text)).toBe(text);
  });
});
