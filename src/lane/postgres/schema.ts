import type { LaneScope } from '../coordinator.ts';
import { openConnection } from './connection.ts';
import { namesIn } from './names.ts';
import { PostgresRefusedError } from './postgres-errors.ts';

/** Version of the tables; a coordinator works with its own and no other. */
export const SCHEMA_VERSION = 1;

/** What {@link createPostgresSchema} takes. */
export interface PostgresSchemaOptions {
  /** As PostgreSQL knows it: `postgres://user@host:5432/database`. */
  readonly url: string;
  /** Default `nonceproof`. */
  readonly schema?: string | undefined;
  /** Default `global`: one lane for all accounts. Fixed for the schema. */
  readonly scope?: LaneScope | undefined;
}

/**
 * The statements that make the schema. Running them again changes nothing. Four tables and two sequences; no
 * API key, secret or signature is ever stored, lanes go by the fingerprint of their key.
 * @param server - when this server was started: tells lanes of before a restart from those after
 */
export function postgresSchemaSql(schema: string, scope: LaneScope): string {
  namesIn(schema);
  return `
CREATE SCHEMA IF NOT EXISTS ${schema};

-- What everybody has to agree on. "server" is the moment at which the server that made this was started.
CREATE TABLE IF NOT EXISTS ${schema}.about (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  version integer NOT NULL,
  scope text NOT NULL CHECK (scope IN ('global', 'key')),
  server text NOT NULL
);
INSERT INTO ${schema}.about (version, scope, server)
VALUES (${SCHEMA_VERSION}, '${scope}', extract(epoch FROM pg_postmaster_start_time())::text)
ON CONFLICT DO NOTHING;

-- One row a lane: the highest nonce handed out or told of, and who was in a turn last if he has not left it.
CREATE TABLE IF NOT EXISTS ${schema}.lane (
  lane text PRIMARY KEY,
  mark bigint NOT NULL,
  holder integer,
  settling_ms integer NOT NULL,
  server text NOT NULL
) WITH (fillfactor = 50);

-- The queue. Unlogged: after a crash of the server everybody takes his old place again by himself.
CREATE UNLOGGED TABLE IF NOT EXISTS ${schema}.ticket (
  ticket bigint PRIMARY KEY,
  lane text NOT NULL,
  session integer NOT NULL,
  asleep boolean NOT NULL DEFAULT false
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX IF NOT EXISTS ticket_by_lane ON ${schema}.ticket (lane, ticket);

CREATE SEQUENCE IF NOT EXISTS ${schema}.ticket_number;
CREATE SEQUENCE IF NOT EXISTS ${schema}.session_number AS integer CYCLE;
`;
}

/** The least that a role needs to call through the lane: to be run once by the owner of the schema. */
export function postgresGrantsSql(schema: string, role: string): string {
  namesIn(schema);
  const quoted = `"${role.replaceAll('"', '""')}"`;
  return `
GRANT USAGE ON SCHEMA ${schema} TO ${quoted};
GRANT SELECT ON ${schema}.about TO ${quoted};
GRANT SELECT, INSERT, UPDATE ON ${schema}.lane TO ${quoted};
GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.ticket TO ${quoted};
GRANT USAGE ON SEQUENCE ${schema}.ticket_number, ${schema}.session_number TO ${quoted};
`;
}

/**
 * Makes the schema, once, by a role that may. A coordinator never does so by itself. Again, it changes nothing; hosts
 * that do so at the same moment wait for each other, because `IF NOT EXISTS` alone fails when both find nothing.
 * @throws {PostgresRefusedError} when the schema is there with another scope
 */
export async function createPostgresSchema(options: PostgresSchemaOptions): Promise<void> {
  const { url, schema = 'nonceproof', scope = 'global' } = options;
  const connection = openConnection({ url, onNotify: () => undefined, onClose: () => undefined });
  try {
    const wait = `SELECT pg_advisory_xact_lock(${namesIn(schema).makingLock});`;
    await connection.script(`${wait}\n${postgresSchemaSql(schema, scope)}`);
    const [about] = await connection.query(`SELECT scope FROM ${schema}.about`);
    if (about?.['scope'] !== scope) throw scopeMismatch(schema, String(about?.['scope']), scope);
  } finally {
    connection.destroy();
  }
}

/** Two scopes in one schema: refused, and how to change it. */
export function scopeMismatch(schema: string, found: string, wanted: LaneScope): PostgresRefusedError {
  return new PostgresRefusedError(
    'scope_mismatch',
    `schema ${schema} was made for scope ${found}, not ${wanted}`,
    `Use scope ${found}; or stop every process, and run UPDATE ${schema}.lane SET mark = (SELECT max(mark) FROM ${schema}.lane); UPDATE ${schema}.about SET scope = '${wanted}';`,
  );
}
