export { startDatabase } from './database.ts';
export type { Database, DatabaseOptions } from './database.ts';
