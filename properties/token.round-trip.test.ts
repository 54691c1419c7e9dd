import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  choicesArbitrary,
  decodeToken,
  encodeToken,
  SAMPLING_STRATEGIES,
  scheduleArbitrary,
  TOKEN_LENGTH_MAX,
} from '../harness/explore-api.ts';
import type { Choices, Token, TokenSchedule } from '../harness/explore-api.ts';
import { UsageError } from '../harness/usage-error.ts';

/** Encoding drops the defaults at the end, which say nothing. */
function trimmed(choices: Choices): Choices {
  return choices.slice(0, choices.findLastIndex((choice) => choice !== 0) + 1);
}

function hex(bytes: number): fc.Arbitrary<string> {
  const byte = fc.nat(255).map((value) => value.toString(16).padStart(2, '0'));
  return fc.array(byte, { minLength: bytes, maxLength: bytes }).map((digits) => digits.join(''));
}

const choices: fc.Arbitrary<TokenSchedule> = fc
  .oneof(choicesArbitrary(fc, 40), fc.array(fc.nat(300), { maxLength: 40 }))
  .map((list) => ({ kind: 'choices', choices: trimmed(list) }));

const sampled: fc.Arbitrary<TokenSchedule> = fc.record({
  kind: fc.constant('sampled'),
  strategy: fc.constantFrom(...SAMPLING_STRATEGIES),
  seed: fc.nat(),
  index: fc.nat(),
  length: fc.integer({ min: 1, max: 100_000 }),
});

const token: fc.Arbitrary<Token> = fc.record({
  target: fc.oneof(fc.constantFrom('built-in', 'lease-lock', './my-client.ts'), fc.string({ maxLength: 40 })),
  setting: scheduleArbitrary(fc, { usersMax: 100, callsMax: 100 }).map(({ setting }) => setting),
  schedule: fc.oneof(choices, sampled),
  fingerprint: hex(4),
  historyHash: hex(6),
});

const seed = { seed: 20_260_101 };

describe('a token', () => {
  test.prop([token], seed)('is short, and reads back as it was written', (original) => {
    const text = encodeToken(original);
    fc.pre(text !== null);
    expect(text.length).toBeLessThanOrEqual(TOKEN_LENGTH_MAX);
    expect(text).toMatch(/^np1_[\w-]+$/);
    expect(decodeToken(text)).toEqual(original);
  });

  test.prop([token, fc.nat(), fc.constantFrom(...'AZaz09-_')], seed)(
    'with one character changed is refused',
    (original, place, character) => {
      const text = encodeToken(original);
      fc.pre(text !== null);
      const at = place % text.length;
      fc.pre(text[at] !== character);
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      expect(() => decodeToken(changed)).toThrow(UsageError);
    },
  );

  test.prop([token, fc.nat()], seed)('cut off anywhere is refused', (original, length) => {
    const text = encodeToken(original);
    fc.pre(text !== null);
    expect(() => decodeToken(text.slice(0, length % text.length))).toThrow(UsageError);
  });

  test.prop([fc.string({ maxLength: 300 })], seed)('that is anything else is refused', (text) => {
    expect(() => decodeToken(text)).toThrow(UsageError);
    expect(() => decodeToken(`np1_${text}`)).toThrow(UsageError);
  });

  test('of another version says so', () => {
    expect(() => decodeToken('np2_AAAAAAAAAAAA')).toThrow('another version');
  });

  test('of ninety decisions still fits', () => {
    const schedule: TokenSchedule = { kind: 'choices', choices: Array<number>(90).fill(2) };
    const setting = {
      users: 100,
      calls: 10,
      pattern: 'burst',
      scope: 'global',
      clock: 'honest',
      seed: 1,
    } as const;
    const faults = { kinds: [], faultsMax: 0 };
    const facts = {
      target: 'reentrancy-flag-parallel',
      fingerprint: '01234567',
      historyHash: '0123456789ab',
    };
    const text = encodeToken({ ...facts, setting: { ...setting, faults }, schedule });
    expect(text?.length).toBeLessThanOrEqual(TOKEN_LENGTH_MAX);
  });
});
