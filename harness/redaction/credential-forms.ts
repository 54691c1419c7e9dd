import { readCharacters, readDecimalBytes, readHexDigits } from './spelling.ts';
import type { ReadSpelling } from './spelling.ts';

/** A credential in one encoding. */
export interface CredentialForm {
  /** How a text is read to find it; `text` is read in the same way. */
  readonly reading: ReadSpelling;
  readonly text: string;
  /** Only the whole of it is taken out, not a part. */
  readonly isWholeOnly: boolean;
}

/** A shorter value is found in innocent words; see `shortCodePattern`. */
const VALUE_CHARS_MIN = 8;
/** Longer values are known by their beginnings. */
const VALUE_CHARS_MAX = 1_024;
/** A value of fewer different characters is a placeholder, such as `xxxxxxxx`. */
const DIFFERENT_CHARS_MIN = 5;
/** Base64 or hexadecimal digits of this length were drawn at random: any part of it is part of a secret. */
const KEY_MATERIAL = /^[A-Za-z0-9+/_-]{32,}={0,2}$/;

/** The encodings of a value in which a target may print it; none when it is too short to be a credential. */
export function formsOf(credential: string): readonly CredentialForm[] {
  const value = credential.trim().slice(0, VALUE_CHARS_MAX);
  if (value.length < VALUE_CHARS_MIN || new Set(value).size < DIFFERENT_CHARS_MIN) return [];
  const isWholeOnly = !isKeyMaterial(value);
  const bytes = Buffer.from(value);
  const decoded = isWholeOnly ? [] : [Buffer.from(value, 'base64')];
  const forms = (reading: ReadSpelling, texts: readonly string[]): readonly CredentialForm[] =>
    texts.map((text) => ({ reading, text, isWholeOnly }));
  return [
    ...forms(readCharacters, [
      value,
      ...base64Within(bytes),
      ...decoded.map((one) => one.toString('latin1')),
    ]),
    ...forms(
      readHexDigits,
      [bytes, ...decoded].map((one) => one.toString('hex')),
    ),
    ...forms(
      readDecimalBytes,
      [bytes, ...decoded].map((one) => one.join()),
    ),
  ];
}

function isKeyMaterial(value: string): boolean {
  return KEY_MATERIAL.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** The base64 of a longer text (`key:secret`, say) that holds these bytes: it depends on where they begin. */
function base64Within(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const whole = Math.floor((8 * (before + bytes.length)) / 6);
    return encoded.slice(before === 0 ? 0 : before + 1, whole);
  });
}
