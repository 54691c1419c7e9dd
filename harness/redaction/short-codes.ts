/** A second factor, or a static password that is as short: six or seven characters, a digit among them. */
const CODE = /^(?=\w*\d)(?!(\w)\1*$)\w{6,7}$/;
/** A number in an array of JSON, or under a name that speaks of something else, is not a code that was printed. */
const OTHER_NUMBER = String.raw`(?<!(?:\[|[\d\]}"],)\s*(?=\w+\s*[,\]])|"(?!\w*(?:otp|2fa|factor|code|pass))\w+":\s?)`;
const BEFORE = String.raw`(?<=^|[^\w.,]|(?<!\d)[.,]|\\[nrt]|%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2})`;
const AFTER = String.raw`(?!\w|[.,]\d)`;

/**
 * The pattern that finds those credentials which are too short to be looked for in parts or in other spellings; `null`
 * when there are none. Only whole tokens are found, for a longer number may hold the same digits.
 */
export function shortCodePattern(credentials: Iterable<string>): RegExp | null {
  const codes = [...new Set(credentials)].map((one) => one.trim()).filter((one) => CODE.test(one));
  if (codes.length === 0) return null;
  return new RegExp(`${BEFORE}${OTHER_NUMBER}(?:${codes.join('|')})${AFTER}`, 'gi');
}
