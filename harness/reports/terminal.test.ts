import { expect, test } from 'vitest';
import { PLAIN } from './colors.ts';
import { GOOD, judged, OVERLAPPING } from './fixtures.test-support.ts';
import { terminalReport } from './terminal.ts';

const JUDGE_LINE = '6 of 6 known-bad clients convicted (all of them: nonceproof controls)';

test('a run that holds', () => {
  const { verdict, facts } = judged(GOOD, { judgeLine: JUDGE_LINE, evidenceDir: './nonceproof-out' });
  expect(terminalReport(verdict, facts, PLAIN)).toMatchInlineSnapshot(`
    "nonceproof · built-in client · 2 accounts · lane global · seed 42

    judge    6 of 6 known-bad clients convicted (all of them: nonceproof controls)
    run      4 calls in 35 ms (114 calls/s)
    service  p50 5.0 ms, p90 5.0 ms, p99 5.0 ms, max 5.0 ms
    nonces   1795353736180000019 … 1795353736210000076

      held            nonce-increasing    4 calls on 2 keys
      held            nonce-global-order  4 calls in one rising order
      held            nonce-reused        4 nonces on 2 keys, all different
      held            nonce-exact         4 nonces of 1 to 20 digits below 2^64, no precision lost
      held            no-overlap          at most 1 call in service, 4 calls
      held            all-accepted        4 calls accepted, none rejected
      not-applicable  effect-once         No call took effect, and no client was told that one did.
      held            all-settle          4 calls answered; how the process ended is not in the file
      held            no-starvation       2 accounts made progress; waits are not visible from outside
      held            exercised           4 calls from 2 accounts; what the recording was meant to contain is not known

    HELD (observed): 9 of 10 rules over 4 calls, 1 not applicable. Evidence: ./nonceproof-out
    "
  `);
});

test('a run that is violated ends with the command that reproduces it', () => {
  const { verdict, facts } = judged(OVERLAPPING);
  expect(terminalReport(verdict, facts, PLAIN)).toMatchInlineSnapshot(`
    "nonceproof · built-in client · 2 accounts · lane global · seed 42

    run      4 calls in 35 ms (114 calls/s)
    service  p50 5.0 ms, p90 12 ms, p99 12 ms, max 12 ms
    nonces   1795353736180000019 … 1795353736210000076

      held            nonce-increasing    4 calls on 2 keys
      held            nonce-global-order  4 calls in one rising order
      held            nonce-reused        4 nonces on 2 keys, all different
      held            nonce-exact         4 nonces of 1 to 20 digits below 2^64, no precision lost
      violated        no-overlap          1 time
                      USER_1's Balance (nonce 1795353736190000038) arrived 10 ms after MASTER's Balance (nonce 1795353736180000019) and 2.0 ms before that was answered (#2, #1). The nonces rose all the same, by luck: calls that are under way together arrive in the order the network likes.
      held            all-accepted        4 calls accepted, none rejected
      not-applicable  effect-once         No call took effect, and no client was told that one did.
      held            all-settle          4 calls answered; how the process ended is not in the file
      held            no-starvation       2 accounts made progress; waits are not visible from outside
      held            exercised           4 calls from 2 accounts; what the recording was meant to contain is not known

    note: The exchange accepted what breaks a rule here, 1 time (first #2, no-overlap): it ran under other rules than this verdict.
    note: Under scope key this run would have held: Kraken itself asks for order and no overlap only per API key.
    VIOLATED (observed): 1 of 10 rules.
    nonceproof verify --seed 42 --control no-lock
    "
  `);
});

test('a run without a call', () => {
  const { verdict, facts } = judged([]);
  expect(terminalReport(verdict, facts, PLAIN)).toMatchInlineSnapshot(`
    "nonceproof · built-in client · 2 accounts · lane global · seed 42

    run      0 calls in 0 ns

      not-applicable  nonce-increasing    No API key brought two nonces that could be compared.
      not-applicable  nonce-global-order  There were no two nonces that could be compared.
      not-applicable  nonce-reused        No API key brought two nonces that could be compared.
      not-applicable  nonce-exact         There was no nonce.
      not-applicable  no-overlap          There were no two calls that could have overlapped.
      inconclusive    all-accepted        The exchange accepted no call at all.
      not-applicable  effect-once         No call took effect, and no client was told that one did.
      not-applicable  all-settle          There was no call, and how the process ended is not in the file.
      not-applicable  no-starvation       No account made a call.
      inconclusive    exercised           The exchange saw no private call. Check that the file is the whole recording.

    INCONCLUSIVE (observed): there was no call to judge.
    "
  `);
});

test('text from outside cannot move the cursor or forge a line', () => {
  const [first, ...rest] = OVERLAPPING.map((call) => ({ ...call, method: 'Balance\u001b[2J\nHELD\u202e' }));
  const { verdict, facts } = judged(first === undefined ? [] : [first, ...rest], { title: 'a\rb' });
  const report = terminalReport(verdict, facts, PLAIN);
  for (const forged of ['\u001b', '\r', '\u202e', '\nHELD']) expect(report).not.toContain(forged);
  expect(report).toContain('Balance\ufffd[2J\ufffdHELD\ufffd');
});
