export { environmentCredentials } from './environment-credentials.ts';
export { createRedactor } from './redactor.ts';
export type { Redactor } from './redactor.ts';
