import { describe, expect, it } from 'vitest';
import { InvalidNonceError, KrakenApiError, UnreadableReplyError } from './call-errors.ts';
import { decodeReply } from './reply.ts';

const call = { account: 'MASTER', method: 'Withdraw' };

function decode(body: string, status = 200, headers: Record<string, string> = {}): unknown {
  return decodeReply({ status, headers, body }, call, 'something');
}

function failure(body: string, status = 200, headers: Record<string, string> = {}): unknown {
  try {
    return decode(body, status, headers);
  } catch (error) {
    return error;
  }
}

describe('a success', () => {
  it.each([
    ['{"error":[],"result":{"ZUSD":"1.0"}}', { ZUSD: '1.0' }, true],
    ['{"error":[],"result":null}', null, true],
    ['{"error":[]}', undefined, true],
    ['{"result":true}', true, false],
    ['{"error":[],"result":0}', 0, true],
  ])('is %s', (body, result, isEnvelope) => {
    expect(decode(body)).toEqual({ result, warnings: [], isEnvelope });
  });

  it('may come with warnings, which do not fail the call', () => {
    const body = '{"error":["WGeneral:Deprecated"],"result":{"a":1}}';
    expect(decode(body)).toMatchObject({
      result: { a: 1 },
      warnings: [{ severity: 'warning', message: 'Deprecated' }],
    });
  });
});

describe('an error answer', () => {
  it.each([
    '{"error":["EGeneral:Invalid arguments:pair"]}',
    '{"error":["EGeneral:Invalid arguments:pair"],"result":{}}',
  ])('carries its errors, with a result beside them or not: %s', (body) => {
    const error = failure(body);
    expect(error).toBeInstanceOf(KrakenApiError);
    expect(error).toMatchObject({
      outcome: 'not-executed',
      errors: [{ message: 'Invalid arguments', extra: 'pair' }],
    });
  });

  it('fails the call when only one of its strings is no warning', () => {
    expect(failure('{"error":["WGeneral:a","EOrder:b"],"result":{}}')).toMatchObject({
      errors: [{ severity: 'warning' }, { severity: 'error' }],
    });
  });

  it('is read whatever the HTTP status', () => {
    expect(failure('{"error":["EService:Unavailable"]}', 503)).toBeInstanceOf(KrakenApiError);
  });

  it.each(['EGeneral:Internal error', 'EGeneral:Internal error:2', 'EService:Unavailable', 'EService:Busy'])(
    'leaves the outcome open when the service itself failed: %s',
    (raw) => {
      expect(failure(JSON.stringify({ error: [raw] }))).toMatchObject({ outcome: 'unknown' });
    },
  );

  it('explains a refused nonce, and leaves open whether an earlier delivery was executed', () => {
    const error = failure('{"error":["EAPI:Invalid nonce"]}');
    expect(error).toBeInstanceOf(InvalidNonceError);
    expect(error).toMatchObject({ outcome: 'unknown' });
    expect((error as Error).message).toMatch(/delivered it twice.*another process.*finer unit.*clock/s);
  });

  it.each([
    ['{"error":["EAPI:Invalid nonce"]}', 200],
    ['{"error":["EService:Unavailable"]}', 200],
    ['<html>502 Bad Gateway</html>', 502],
  ])('never leaves open what a call did that only reads: %s', (body, status) => {
    const read = (): unknown => decodeReply({ status, headers: {}, body }, call, 'nothing');
    expect(read).toThrow(expect.objectContaining({ outcome: 'not-executed' }));
    expect(read).toThrow(/^(?!.*may have taken effect)/s);
  });
});

describe("a reply that is not Kraken's", () => {
  it.each([
    ['', 200],
    ['<html>502 Bad Gateway</html>', 502],
    ['{"error":[],"result":{"ZUSD":"1', 200],
    ['[]', 200],
    ['null', 200],
    ['"text"', 200],
    ['{}', 200],
    ['{"error":"EAPI:Invalid nonce"}', 200],
    ['{"error":[5]}', 200],
    ['{"message":"not found"}', 404],
  ])('leaves the outcome open: %j', (body, status) => {
    const error = failure(body, status);
    expect(error).toBeInstanceOf(UnreadableReplyError);
    expect(error).toMatchObject({ outcome: 'unknown', status, bodyLength: body.length });
  });

  it('may answer a second delivery when its status is 429, and says how long to wait', () => {
    expect(failure('<html>', 429, { 'retry-after': '7' })).toMatchObject({
      outcome: 'unknown',
      retryAfterS: 7,
    });
    expect(failure('<html>', 429, { 'retry-after': 'soon' })).toMatchObject({ retryAfterS: undefined });
  });

  it('is not quoted in the error: a cut-off reply can hold a token', () => {
    const error = failure('{"error":[],"result":{"token":"secret-token"') as UnreadableReplyError;
    expect(`${error.message}${JSON.stringify(error)}`).not.toContain('secret-token');
  });
});
