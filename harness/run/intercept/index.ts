export { openInterception } from './interception.ts';
export type { Interception } from './interception.ts';
export { krakenVariable, replaceCredentials } from './replace-credentials.ts';
