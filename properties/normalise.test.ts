import { describe, expect, it } from 'vitest';
import { normalise } from './normalise.test-support.ts';

describe('normalise', () => {
  it.each([
    ['run      6 calls in 191 ms (31 calls/s)', 'run      6 calls in <duration> (<rate>)'],
    [
      'queue    p50 20 ms, p99 1.5 s, max 7,115 ms',
      'queue    p50 <duration>, p99 <duration>, max <duration>',
    ],
    ['nonces   1795677413197000000 … 2592000000909001', 'nonces   <nonce> … <nonce>'],
    ['EService: Throttled: 1795677439', 'EService: Throttled: <unix seconds>'],
    ['Mock Kraken at http://127.0.0.1:43121 (Ctrl-C', 'Mock Kraken at http://127.0.0.1:<port> (Ctrl-C'],
    ['duration: <code>1&#46;02 s</code>', 'duration: <code><duration></code>'],
    ['<testsuite time="0.191">', '<testsuite time="<duration>">'],
    ['"startedAt": "2026-11-26T07:16:00.123Z"', '"startedAt": "<measured>"'],
    ['recorded 2026-11-26T07:16:00Z', 'recorded <date>'],
    ['"p50Ms": 12.5,', '"p50Ms": "<measured>",'],
    ['replay np1_AQECKgAACmxlYXNlLWxvY2sVYDJQy22TtKb9AAAIv4Pu2g', 'replay <token>'],
    [`KRAKEN_API_KEY=${'aB3+'.repeat(14)}`, 'KRAKEN_API_KEY=<api key>'],
    [`KRAKEN_API_SECRET=${'aB3/'.repeat(21)}aB==`, 'KRAKEN_API_SECRET=<api secret>'],
    ['"shrinkMs": 0.0557,', '"shrinkMs": "<measured>",'],
    [`${process.platform} ${process.arch} · trace ${'0a'.repeat(8)}`, '<platform> · trace <hash>'],
    ['| AddOrder | 3 | 31/s |', '| AddOrder | 3 | <rate> |'],
    ['sha256 '.concat('0a'.repeat(32)), 'sha256 <hash>'],
  ])('replaces what is measured in %s', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('replaces paths of this machine, the program, and its version', () => {
    const text = `/tmp/x-1/out ${process.cwd()}/harness/cli.ts ${process.execPath} ${process.version}`;
    expect(normalise(text, { folder: '/tmp/x-1' })).toBe(
      '<folder>/out <project>/harness/cli.ts <node> <node version>',
    );
    expect(normalise(`file://${process.cwd()}/node_modules/.cache/nonceproof-tests/12/src/a.js`)).toBe(
      '<project>/src/a.js',
    );
  });

  it('keeps times and nonces that a simulated run or a recorded file fixes, but not the speed', () => {
    const text =
      'nonce 1767225600252000000 arrived 10 µs after 2026-01-01T00:00:00Z; 3 schedules in 0.1 s (7/s)';
    expect(normalise(text, { isExact: true })).toBe(
      'nonce 1767225600252000000 arrived 10 µs after 2026-01-01T00:00:00Z; 3 schedules in <duration> (<rate>)',
    );
  });

  it.each(['10 of 10 rules over 6 calls', '3 accounts', 'seed 42', 'np1_AQECKgA', '"seq": 5'])(
    'keeps %s',
    (text) => {
      expect(normalise(text)).toBe(text);
    },
  );
});
