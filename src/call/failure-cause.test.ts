import { describe, expect, it } from 'vitest';
import { CallNotSentError, KrakenApiError, ReplyLostError, UnreadableReplyError } from './call-errors.ts';
import { leavesOutcomeOpen, readFailure } from './failure-cause.ts';
import type { ReadFailure } from './failure-cause.ts';
import { parseKrakenError } from './kraken-error.ts';

const call = { account: 'MASTER', method: 'Balance' };
const NOW_MS = 1_700_000_000_000;

function answered(...errors: string[]): KrakenApiError {
  return new KrakenApiError({ ...call, outcome: 'not-executed' }, errors.map(parseKrakenError));
}

describe("Kraken's answers", () => {
  it.each([
    ['EAPI:Invalid nonce', 'invalid-nonce'],
    ['EAPI:Rate limit exceeded', 'throttled'],
    ['EOrder:Rate limit exceeded', 'rate-limited'],
    ['EOrder:Domain rate limit exceeded', 'rate-limited'],
    ['EGeneral:Too many requests', 'throttled'],
    ['EAuth:Too many requests', 'throttled'],
    ['EAuth:Rate limit exceeded', 'throttled'],
    ['EService: Throttled: 1700000003', 'throttled'],
    ['EGeneral:Temporary lockout', 'locked-out'],
    ['EGeneral:Internal error', 'unknown'],
    ['EDatabase:Internal error', 'unknown'],
    ['EService:Unavailable', 'unknown'],
    ['EService:Busy', 'unknown'],
    ['EService:Deadline elapsed', 'deadline'],
    ['EGeneral:Invalid arguments:deadline', 'deadline'],
    ['EGeneral:Invalid arguments:volume', 'refused'],
    ['EOrder:Insufficient funds', 'refused'],
    ['EAPI:Invalid key', 'refused'],
    ['whatever', 'refused'],
  ])('%s means %s', (raw, cause) => {
    expect(readFailure(answered(raw), NOW_MS)).toMatchObject({ cause, mayBeInService: false });
  });

  it.each(['EAPI:Invalid nonce', 'EAPI:Invalid key', 'EAPI:Invalid signature'])(
    '%s counts against the key',
    (raw) => {
      expect(readFailure(answered(raw), NOW_MS).refusesKey).toBe(true);
      expect(readFailure(answered('EOrder:Invalid price'), NOW_MS).refusesKey).toBe(false);
    },
  );

  it.each(['EGeneral:Invalid key', 'EOrder:Invalid nonce', 'EAPI:Rate limit exceeded'])(
    '%s does not count against the key',
    (raw) => {
      expect(readFailure(answered(raw), NOW_MS).refusesKey).toBe(false);
    },
  );

  it.each([
    ['EAPI:Invalid nonce', true],
    ['EService:Busy', true],
    ['EAPI:Rate limit exceeded', true],
    ['EOrder:Rate limit exceeded', false],
    ['EOrder:Insufficient funds', false],
    ['WService:Busy', false],
  ])('%s leaves open whether the call took effect: %s', (raw, isOpen) => {
    const insufficientFunds = parseKrakenError('EOrder:Insufficient funds');
    expect(leavesOutcomeOpen([parseKrakenError(raw)])).toBe(isOpen);
    expect(leavesOutcomeOpen([insufficientFunds, parseKrakenError(raw)])).toBe(isOpen);
  });

  it('are read each for itself when there are several: how long to wait, and what counts against the key', () => {
    const wait = answered('EGeneral:Invalid arguments:1700000001', 'EService: Throttled: 1700000003');
    expect(readFailure(wait, NOW_MS)).toMatchObject({ toldToWaitMs: 3_000, refusesKey: false });
    const key = answered('EOrder:Invalid price', 'EAPI:Invalid key');
    expect(readFailure(key, NOW_MS)).toMatchObject({ toldToWaitMs: undefined, refusesKey: true });
  });

  it('are taken for what leaves most open, in whatever order they come', () => {
    const severestFirst = [
      'EService:Busy',
      'EGeneral:Temporary lockout',
      'EOrder:Insufficient funds',
      'EService:Deadline elapsed',
      'EAPI:Invalid nonce',
      'EAPI:Rate limit exceeded',
      'EOrder:Rate limit exceeded',
    ];
    for (const [place, severe] of severestFirst.entries()) {
      for (const other of severestFirst.slice(place)) {
        const { cause } = readFailure(answered(severe), NOW_MS);
        expect(readFailure(answered(severe, other), NOW_MS).cause).toBe(cause);
        expect(readFailure(answered(other, severe), NOW_MS).cause).toBe(cause);
      }
    }
  });

  it('are taken for what leaves most open when there are several', () => {
    expect(readFailure(answered('EAPI:Rate limit exceeded', 'EGeneral:Internal error'), NOW_MS).cause).toBe(
      'unknown',
    );
    expect(readFailure(answered('WGeneral:x', 'EAPI:Invalid nonce'), NOW_MS).cause).toBe('invalid-nonce');
    expect(
      readFailure(answered('EOrder:Rate limit exceeded', 'EAPI:Rate limit exceeded'), NOW_MS).cause,
    ).toBe('throttled');
  });

  it.each([
    ['1700000003', 3_000],
    ['1700000000.5', 500],
    ['1600000000', 0],
    ['1800000000', 60_000],
    ['170000000000', 60_000],
    ['1700000003.25', 3_250],
    ['1700000003000', undefined],
    ['1700000003.', undefined],
    ['at 1700000003', undefined],
    ['1700000003 or so', undefined],
    ['soon', undefined],
  ])('say to wait until %s', (at, toldToWaitMs) => {
    expect(readFailure(answered(`EService: Throttled: ${at}`), NOW_MS).toldToWaitMs).toBe(toldToWaitMs);
  });
});

describe('other failures', () => {
  it('knows that nothing was sent', () => {
    expect(readFailure(new CallNotSentError(call, undefined), NOW_MS)).toMatchObject({
      cause: 'not-sent',
      mayBeInService: false,
    });
  });

  function unreadable(status: number, retryAfterS: number | undefined): ReadFailure {
    const reply = { status, bodyLength: 0, retryAfterS };
    return readFailure(new UnreadableReplyError({ ...call, outcome: 'not-executed' }, reply), NOW_MS);
  }

  it.each([
    [2, 2_000],
    [0, 0],
    [-5, 0],
    [3_600, 60_000],
    [undefined, undefined],
  ])(
    'takes status 429 for a limit of the API, and Retry-After %s for its end',
    (retryAfterS, toldToWaitMs) => {
      expect(unreadable(429, retryAfterS)).toEqual({
        cause: 'throttled',
        toldToWaitMs,
        mayBeInService: false,
        refusesKey: false,
      });
    },
  );

  it('takes Retry-After beside another status for nothing: the call may be in service', () => {
    expect(unreadable(503, 2)).toMatchObject({ cause: 'unknown', toldToWaitMs: undefined });
  });

  it.each([
    new ReplyLostError({ ...call, outcome: 'unknown' }, undefined),
    new UnreadableReplyError(
      { ...call, outcome: 'unknown' },
      { status: 502, bodyLength: 9, retryAfterS: undefined },
    ),
    new UnreadableReplyError(
      { ...call, outcome: 'unknown' },
      { status: 200, bodyLength: 9, isComplete: false, retryAfterS: undefined },
    ),
    new Error('no idea'),
  ])('takes anything else for a call that may be in service: %s', (error) => {
    expect(readFailure(error, NOW_MS)).toEqual({
      cause: 'unknown',
      toldToWaitMs: undefined,
      mayBeInService: true,
      refusesKey: false,
    });
  });

  it('takes a complete 2xx for the end of the service, whatever it contains', () => {
    const reply = { status: 200, bodyLength: 9, isComplete: true, retryAfterS: undefined };
    expect(
      readFailure(new UnreadableReplyError({ ...call, outcome: 'unknown' }, reply), NOW_MS),
    ).toMatchObject({ cause: 'unknown', mayBeInService: false });
  });
});
