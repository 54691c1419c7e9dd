import type { Names } from './names.ts';

/**
 * Every statement that a coordinator runs, a transaction each. Those that depend on the session check by
 * themselves that they run in it: after a reconnection, or behind a proxy that hands them to another session,
 * they do nothing. Parameters are text.
 */
export interface Statements {
  /** What kind of server this is. */
  readonly inspect: string;
  /** What was agreed on in this schema. */
  readonly about: string;
  /** A number for a session that nobody else has. */
  readonly newSession: string;
  /** Makes the session known for as long as it lives. $1 session */
  readonly openSession: string;
  /** Which backend this is, and whether it is the session's. $1 session */
  readonly checkSession: string;
  /** $1 lane. Makes the lane's row unless it is there. */
  readonly openLane: string;
  /** $1 session, $2 lanes, a JSON array. A ticket for each; those of one lane are equal. */
  readonly takeTickets: string;
  /** $1 session, $2 JSON array of [ticket, lane]. Makes sure that they stand in the queue, at their old places. */
  readonly retakeTickets: string;
  /** $1 session, $2 lane, $3 ticket, $4 lock, $5 turn setting. Takes the lock if it is free and the ticket is first. */
  readonly enter: string;
  /**
   * $1 session, $2 lane, $3 ticket, $4 clock in ns, $5 turn setting, $6 settling time in ms, $7 server. Begins
   * the turn with its first nonce. No row: `enter` did not take the lock, or the lane has no row.
   */
  readonly begin: string;
  /** $1 session, $2 lane, $3 ticket, $4 clock in ns, $5 turn setting. No row: the lane is lost. */
  readonly draw: string;
  /** $1 session, $2 lane, $3 ticket, $4 floor, $5 turn setting. No row: the lane is lost. */
  readonly raiseFloor: string;
  /** $1 session, $2 lane, $3 ticket. The turn has ended: nothing of it can be in service. Runs before `unlock`. */
  readonly clear: string;
  /** $1 session, $2 ticket, $3 lock, $4 turn setting. */
  readonly unlock: string;
  /** $1 lane. Tells the session whose ticket is first. Runs after `unlock`, or nobody is told who came between. */
  readonly wake: string;
  /** $1 ticket. Gives it up. */
  readonly withdraw: string;
  /** $1 ticket. Its session lives and does not take its turn: others go first until it does. */
  readonly passOver: string;
  /** Removes the tickets of sessions that are no more. */
  readonly removeDead: string;
}

/** The statements for one schema. */
export function statementsFor({ schema, sessionClass }: Names): Statements {
  const isMine = `current_setting('nonceproof.session', true) = $1::text`;
  const isInTurn = `${isMine} AND current_setting($5::text, true) = $3::text`;
  const session = `$1::text::integer`;
  return {
    inspect: `
      SELECT pg_is_in_recovery() AS replica,
             current_setting('transaction_read_only') = 'on' AS read_only,
             current_setting('server_version_num') AS version,
             extract(epoch FROM pg_postmaster_start_time())::text AS server`,
    about: `SELECT version::text, scope FROM ${schema}.about`,
    newSession: `SELECT nextval('${schema}.session_number')::text AS session`,
    openSession: `
      SELECT pg_advisory_lock(${sessionClass}, ${session})::text,
             set_config('nonceproof.session', $1::text, false),
             set_config('default_transaction_isolation', 'read committed', false),
             (SELECT string_agg(set_config(wanted.name, wanted.value, false), ',')
                FROM (VALUES ('idle_session_timeout', '0'), ('client_connection_check_interval', '10000'),
                             ('tcp_keepalives_idle', '10'), ('tcp_keepalives_interval', '5'),
                             ('tcp_keepalives_count', '3')) AS wanted (name, value)
               WHERE wanted.name IN (SELECT name FROM pg_settings))`,
    checkSession: `SELECT pg_backend_pid()::text AS pid, ${isMine} AS is_mine`,
    openLane: `
      INSERT INTO ${schema}.lane (lane, mark, settling_ms, server)
      SELECT $1::text, coalesce((SELECT max(mark) FROM ${schema}.lane), 0), 0, server FROM ${schema}.about
      ON CONFLICT DO NOTHING`,
    takeTickets: `
      INSERT INTO ${schema}.ticket (ticket, lane, session)
      SELECT nextval('${schema}.ticket_number'), lane, ${session}
        FROM jsonb_array_elements_text($2::text::jsonb) AS asked (lane) WHERE ${isMine}
      RETURNING ticket::text, lane`,
    retakeTickets: `
      INSERT INTO ${schema}.ticket (ticket, lane, session)
      SELECT (pair->>0)::bigint, pair->>1, ${session}
        FROM jsonb_array_elements($2::text::jsonb) AS kept (pair) WHERE ${isMine}
      ON CONFLICT (ticket) DO UPDATE SET session = excluded.session, asleep = false
                         WHERE ticket.asleep OR ticket.session <> excluded.session`,
    enter: `
      WITH head AS MATERIALIZED (
        SELECT ticket FROM ${schema}.ticket
         WHERE lane = $2::text AND (NOT asleep OR session = ${session}) ORDER BY ticket LIMIT 1
      )
      SELECT head.ticket::text AS head, ${isMine} AS is_mine,
             (SELECT holder IS NULL FROM ${schema}.lane WHERE lane = $2::text) AS is_free,
             CASE WHEN ${isMine} AND head.ticket = $3::text::bigint
                  THEN CASE WHEN pg_try_advisory_lock($4::text::bigint)
                            THEN set_config($5::text, $3::text, false) END
             END IS NOT NULL AS entered
        FROM head`,
    begin: `
      UPDATE ${schema}.lane AS lane
         SET mark = greatest(lane.mark + 1, $4::text::bigint),
             holder = ${session}, settling_ms = $6::text::integer, server = $7::text
        FROM (SELECT * FROM ${schema}.lane WHERE lane = $2::text FOR UPDATE) AS before
       WHERE lane.lane = before.lane AND ${isInTurn}
      RETURNING lane.mark::text, before.holder IS NOT NULL AS was_held, before.server,
                before.settling_ms::text AS settling_ms`,
    draw: `
      UPDATE ${schema}.lane SET mark = greatest(mark + 1, $4::text::bigint)
       WHERE lane = $2::text AND ${isInTurn} RETURNING mark::text`,
    raiseFloor: `
      UPDATE ${schema}.lane SET mark = greatest(mark, $4::text::bigint)
       WHERE lane = $2::text AND ${isInTurn} RETURNING mark::text`,
    clear: `
      WITH gone AS (DELETE FROM ${schema}.ticket WHERE ticket = $3::text::bigint AND ${isMine}),
           -- If a crash loses this, the next holder waits a settling time for nothing.
           quickly AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS synchronous)
      UPDATE ${schema}.lane SET holder = NULL FROM quickly
       WHERE lane = $2::text AND holder = ${session} AND ${isMine} AND quickly.synchronous = 'off'`,
    unlock: `
      SELECT CASE WHEN ${isMine} AND current_setting($4::text, true) = $2::text
                  THEN pg_advisory_unlock($3::text::bigint)::text || set_config($4::text, '', false) END`,
    wake: `
      SELECT pg_notify('${schema}_' || next.session, next.lane)
        FROM (SELECT session, lane FROM ${schema}.ticket
               WHERE lane = $1::text AND NOT asleep ORDER BY ticket LIMIT 1) AS next`,
    withdraw: `DELETE FROM ${schema}.ticket WHERE ticket = $1::text::bigint`,
    passOver: `UPDATE ${schema}.ticket SET asleep = true WHERE ticket = $1::text::bigint`,
    removeDead: `
      DELETE FROM ${schema}.ticket WHERE ticket IN (
        SELECT ticket FROM ${schema}.ticket WHERE session NOT IN (
          SELECT objid::bigint FROM pg_locks
           WHERE locktype = 'advisory' AND classid = ${sessionClass}::oid AND objsubid = 2 AND granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
           FOR UPDATE SKIP LOCKED)`,
  };
}
