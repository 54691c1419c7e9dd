import { describe, expect, it } from 'vitest';
import { CallNotSentError, KrakenApiError, ReplyLostError, UnreadableReplyError } from './call-errors.ts';
import { readFailure } from './failure-cause.ts';
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
    ['EService: Throttled: 1700000003', 'throttled'],
    ['EGeneral:Temporary lockout', 'locked-out'],
    ['EGeneral:Internal error', 'unknown'],
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

  it('takes status 429 for a limit of the API', () => {
    const reply = { status: 429, bodyLength: 0, retryAfterS: 2 };
    expect(
      readFailure(new UnreadableReplyError({ ...call, outcome: 'not-executed' }, reply), NOW_MS),
    ).toMatchObject({
      cause: 'throttled',
      toldToWaitMs: 2_000,
      mayBeInService: false,
    });
  });

  it.each([
    new ReplyLostError({ ...call, outcome: 'unknown' }, undefined),
    new UnreadableReplyError(
      { ...call, outcome: 'unknown' },
      { status: 502, bodyLength: 9, retryAfterS: undefined },
    ),
    new Error('no idea'),
  ])('takes anything else for a call that may be in service: %s', (error) => {
    expect(readFailure(error, NOW_MS)).toMatchObject({ cause: 'unknown', mayBeInService: true });
  });
});
