export { codeFingerprint } from './fingerprint.ts';
export { decodeToken, encodeToken, TOKEN_LENGTH_MAX } from './token.ts';
export type { Token, TokenSchedule } from './token.ts';
