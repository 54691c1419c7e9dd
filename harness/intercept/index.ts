export { openInterception } from './interception.ts';
export type { Interception, InterceptionOptions } from './interception.ts';
