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

  it.each(['{"error":[],"result":{"token":"secret-token"', ' [{"token":"secret-token"', '"secret-token'])(
    'is not quoted in the error where it may be broken JSON, which can hold a token: %s',
    (body) => {
      const error = failure(body) as UnreadableReplyError;
      expect(`${error.message}${JSON.stringify(error)}`).not.toContain('secret-token');
    },
  );

  it('shows how it begins, on one printable line of at most 60 characters', () => {
    const error = failure(`<html>\r\n\u001B[31mWait \u202Eplease\0${'.'.repeat(99)}`) as UnreadableReplyError;
    expect(error.bodyStart).toMatch(/^<html> \[31mWait please \.+$/);
    expect(error.bodyStart.length).toBeLessThanOrEqual(60);
    expect(error.message).toContain(error.bodyStart);
  });

  it.each([
    [199, false, false],
    [200, false, true],
    [204, false, true],
    [299, false, true],
    [300, false, false],
    [200, true, false],
    [502, false, false],
    [429, false, false],
  ])(
    'with status %i, cut off by the connection or not (%s), ends the service or not: %s',
    (status, mayBeCutOff, isComplete) => {
      const read = (): unknown =>
        decodeReply({ status, headers: {}, body: 'text', mayBeCutOff }, call, 'nothing');
      expect(read).toThrow(expect.objectContaining({ isComplete }));
    },
  );
});

describe('a file', () => {
  const zip = Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0xff]);
  const reply = { status: 200, headers: {}, body: 'PK\u0003\u0004\0\uFFFD', bytes: zip };
  const read = (change: object, method = 'RetrieveExport'): unknown =>
    decodeReply({ ...reply, ...change }, { ...call, method }, 'nothing');

  it('is handed out as it came, and says nothing about the time', () => {
    expect(read({})).toEqual({ result: zip, warnings: [], isEnvelope: false });
  });

  it('of a method that answers with none is an error', () => {
    expect(() => read({}, 'Balance')).toThrow(UnreadableReplyError);
  });

  it.each([
    ['a page of a proxy', { bytes: new TextEncoder().encode('<html>'), body: '<html>' }],
    ['a file that may be cut off', { mayBeCutOff: true }],
    ['an error page with a file', { status: 500 }],
    ['nothing', { bytes: new Uint8Array(), body: '' }],
    ['a text only', { bytes: undefined }],
  ])('is not: %s', (_name, change) => {
    expect(() => read(change)).toThrow(UnreadableReplyError);
  });

  it("is not expected where Kraken's errors come", () => {
    const body = '{"error":["EExport:Not ready"]}';
    expect(() => read({ body, bytes: new TextEncoder().encode(body) })).toThrow(KrakenApiError);
  });
});
