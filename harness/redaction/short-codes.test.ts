import { Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { environmentCredentials } from './environment-credentials.ts';
import { createRedactor } from './redactor.ts';

const OTP = '493817';
const redactor = createRedactor(environmentCredentials({ KRAKEN_OTP: OTP, KRAKEN_KEY: 'short' }));

describe('a second factor that the run knows', () => {
  it.each([
    OTP,
    `otp=${OTP}`,
    `otp: ${OTP}.`,
    `the code, ${OTP}, was used`,
    `nonce=1&otp=${OTP}&pair=XBTUSD`,
    `{"otp":"${OTP}"}`,
    `{"otp":${OTP}}`,
    String.raw`{\"otp\":\"${OTP}\"}`,
    String.raw`"otp\n${OTP}\n"`,
    `otp%3D${OTP}%26pair`,
    `(${OTP})`,
  ])('is taken out of %j, in a text and in a stream', async (text) => {
    const clean = text.replace(OTP, '[redacted]');
    expect(redactor.redact(text)).toBe(clean);
    const chunks = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
    expect(await readAll(Readable.from(chunks).pipe(redactor.stream()))).toBe(clean);
  });

  it.each([
    `price ${OTP}.5`,
    `price 0.${OTP}`,
    `volume 1,${OTP}`,
    `price ${OTP},50`,
    `nonce 1795${OTP}`,
    `order O${OTP}`,
    `{"arrivedNs":${OTP},"seq": ${OTP}}`,
    `[1,${OTP},2]`,
    `[[${OTP}],[0, ${OTP}]]`,
  ])('is left within another number, and where JSON has a number of its own: %j', (text) => {
    expect(redactor.redact(text)).toBe(text);
  });

  it('is not looked for when the run knows none', () => {
    expect(createRedactor([]).redact(`otp=${OTP}`)).toBe(`otp=${OTP}`);
    expect(createRedactor(['000000', 'secret', '12345']).redact('000000 secret 12345')).toBe(
      '000000 secret 12345',
    );
  });
});
