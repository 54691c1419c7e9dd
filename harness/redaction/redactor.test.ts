import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';
import { spellingsOf } from './spellings.test-support.ts';

/** The same in every run, with every character of base64 that is spelled in several ways. */
function keyMaterial(name: string, bytes: number): string {
  const drawn = createHash('sha512').update(name).digest().subarray(0, bytes);
  drawn.set([0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff], 9);
  return drawn.toString('base64');
}

const KEY = keyMaterial('key', 42);
const SECRET = keyMaterial('secret', 64);
const redactor = createRedactor([KEY, SECRET, 'open sesame!', 'short']);

/** Whether `clean` holds any part of `spelled` that is long enough to be of use. */
function isPartlyIn(clean: string, spelled: string): boolean {
  for (let at = 0; at + PART_CHARS <= spelled.length; at += 1)
    if (clean.includes(spelled.slice(at, at + PART_CHARS))) return true;
  return false;
}
const PART_CHARS = 22;

describe('a value that is known', () => {
  const cases = [...spellingsOf(SECRET), ...spellingsOf(KEY)];

  it.each(cases)('is taken out as %s', (_name, spelled) => {
    const clean = redactor.redact(`before {${spelled}} after`);
    expect(clean).toContain('[redacted]');
    expect(clean.startsWith('before {')).toBe(true);
    expect(clean.endsWith('} after')).toBe(true);
    expect(isPartlyIn(clean, spelled)).toBe(false);
  });

  it.each(spellingsOf(SECRET))('is taken out of a stream, wherever it is cut: %s', async (_name, spelled) => {
    const bytes = Buffer.from(`€${spelled}€${'y'.repeat(33_000)}{${spelled}}`);
    for (const size of [61, 977]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const clean = await readAll(Readable.from(chunks).pipe(redactor.stream()));
      expect(isPartlyIn(clean, spelled)).toBe(false);
      expect(clean).toBe(redactor.redact(bytes.toString()));
      expect(clean.match(/\[redacted\]/g)).toHaveLength(2);
    }
  });

  it('is taken out of a stream that comes byte by byte', async () => {
    const bytes = [...Buffer.from(`€${SECRET}€`)].map((byte) => Buffer.from([byte]));
    expect(await readAll(Readable.from(bytes).pipe(redactor.stream()))).toBe('€[redacted]€');
  });

  it('is taken out wherever a long text is cut to be searched', () => {
    const clean = redactor.redact(`${SECRET} `.repeat(2_000));
    expect(clean).toBe('[redacted] '.repeat(2_000));
  });

  it('is taken out when only a part of it is there', () => {
    expect(redactor.redact(`it begins with ${SECRET.slice(0, 20)}…`)).toBe('it begins with [redacted]…');
    expect(redactor.redact(`it ends with ${KEY.slice(-16)}`)).toBe('it ends with [redacted]');
    expect(redactor.redact(inspect(Buffer.from(SECRET, 'base64')))).toMatch(
      /^<Buffer \[redacted\] \.\.\. 14 more/,
    );
  });

  it('is taken out of any text, between any neighbours', () => {
    const spelled = fc.constantFrom(...cases.map(([, one]) => one));
    const noise = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(noise, spelled, noise, (before, one, after) => {
        expect(isPartlyIn(redactor.redact(before + one + after), one)).toBe(false);
      }),
      { seed: 20_261_126, numRuns: 60 },
    );
  });

  it('is a password: taken out whole, and its parts are left', () => {
    expect(redactor.redact('say open sesame! or open sesame')).toBe('say [redacted] or open sesame');
    expect(redactor.redact(`hex ${Buffer.from('open sesame!').toString('hex')}`)).toBe('hex [redacted]');
  });

  it('is left alone when it is too short to be a credential, or a placeholder', () => {
    expect(redactor.redact('a short story')).toBe('a short story');
    expect(createRedactor(['xxxxxxxxxxxxxxxxxxxx']).redact('xxxxxxxxxxxxxxxxxxxx')).toBe(
      'xxxxxxxxxxxxxxxxxxxx',
    );
  });

  it('is found among a thousand others', () => {
    const secrets = Array.from({ length: 1_000 }, (_, i) => keyMaterial(`secret ${i}`, 64));
    expect(createRedactor(secrets).redact(`it is ${secrets[777]}`)).toBe('it is [redacted]');
  });
});

describe('what nobody knows', () => {
  const { redact } = createRedactor([]);

  it('is taken out when it has the shape of a key, a secret or a signature', () => {
    for (let i = 0; i < 200; i += 1) {
      const key = randomBytes(42).toString('base64');
      const secret = randomBytes(64).toString('base64');
      const hex = randomBytes(64).toString('hex');
      const clean = redact(
        `key ${key}, {"apiSecret":"${secret}"} API-Sign=${encodeURIComponent(secret)} ` +
          `"${secret.replaceAll('/', String.raw`\/`)}" key=${key} \\n${key} hex ${hex}`,
      );
      expect(clean).not.toContain(secret.slice(0, 40));
      expect(clean).not.toContain(hex);
      // A key without a capital or a digit has the shape of a path.
      if (/[A-Z]/.test(key.slice(0, 56)) && /\d/.test(key)) expect(clean).not.toContain(key);
    }
  });

  it('is left: nonces, SHA-256 digests, order ids, paths', () => {
    const text =
      `nonce 1795366283660587661, sha256 ${'ab12'.repeat(16)}, order OABC12-DEFGH-IJKLMN\n` +
      `at file:///home/user/project/node_modules/some-package/dist/esm/internal/parser.js:12:34\n`;
    expect(redact(text)).toBe(text);
    expect(redactor.redact(text)).toBe(text);
  });
});
