import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redactor.ts';
import { signatureSpellings, spellingsOf } from './spellings.test-support.ts';

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

  const SIGNATURES = Array.from({ length: 18 }, (_, i) => keyMaterial(`signature ${i}`, 64));
  const BEFORE = [
    '',
    'API-Sign: ',
    '{"sign":"',
    String.raw`{\"sign\":\"`,
    'sign=',
    'sign%3D',
    '(',
    '\n',
    '  ',
  ];
  const AFTER = [
    '',
    '\n',
    '"}',
    String.raw`\"}`,
    '&nonce=1',
    '%26nonce%3D1',
    ')',
    ', and so on',
    String.raw`\nnext`,
  ];

  it.each(signatureSpellings('').map(([name]) => name))('is taken out as a signature: %s', async (name) => {
    for (const [i, signature] of SIGNATURES.entries()) {
      const spelled = new Map(signatureSpellings(signature)).get(name) ?? '';
      const before = BEFORE[i % BEFORE.length] ?? '';
      const after = AFTER[Math.floor(i / BEFORE.length + i) % AFTER.length] ?? '';
      const text = before + spelled + after;
      expect(redact(text)).toBe(`${before}[redacted]${after}`);
      if (i > 2) continue;
      const long = Buffer.from(`${'y '.repeat(16_380 + i)}\n${text} ${'z '.repeat(20_000)}`);
      const chunks = [long.subarray(0, 32_800), long.subarray(32_800)];
      const clean = await readAll(Readable.from(chunks).pipe(createRedactor([]).stream()));
      expect(clean).toBe(long.toString().replace(spelled, '[redacted]'));
    }
  });

  it('is taken out twice where there are two, on a line each', () => {
    for (const [name, spelled] of signatureSpellings(SIGNATURES[0] ?? '')) {
      const clean = redact(`${spelled}\n${spelled}\n`);
      expect([name, clean]).toEqual([name, '[redacted]\n[redacted]\n']);
    }
  });

  it('is left: words, paths, identifiers and tokens as long as a signature', () => {
    const path = '/home/runner/work/GridTrader2/GridTrader2/build/classes/java/main/com/example/trader2/App0';
    const texts = [
      path.slice(0, 86),
      encodeURIComponent(path).slice(0, 86),
      'shouldPlaceTheOrderOnlyOnceWhenTheReplyOfTheExchangeIsLostAndTheCallerAsksForItAgainX1',
      '550e8400-e29b-41d4-a716-446655440000_6ba7b810-9dad-11d1-80b4-00c04fd430c8_Retry_Numb01',
      '='.repeat(86),
      `np1_${(SIGNATURES[0] ?? '').replaceAll(/[+/=]/g, 'x').slice(0, 82)}`,
    ];
    for (const text of texts) {
      expect(text).toHaveLength(86);
      expect(redact(`it is\n${text}\nor not`)).toBe(`it is\n${text}\nor not`);
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
