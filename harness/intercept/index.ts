export { openInterception } from './interception.ts';
export type { Interception, InterceptionOptions } from './interception.ts';
export { replaceCredentials } from './replace-credentials.ts';
