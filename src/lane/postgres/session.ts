import type { LaneScope } from '../coordinator.ts';
import type { Runtime } from '../../runtime.ts';
import type { Connection, Row } from './connection.ts';
import type { Names } from './names.ts';
import { PostgresRefusedError, transactionPooling } from './postgres-errors.ts';
import { SCHEMA_VERSION, scopeMismatch } from './schema.ts';
import { statementsFor } from './statements.ts';
import type { Statements } from './statements.ts';

/** What a session needs. */
export interface SessionOptions {
  /** Opens a connection; called twice. */
  readonly open: (events: ConnectionEvents) => Connection;
  readonly names: Names;
  readonly scope: LaneScope;
  readonly runtime: Runtime;
  /** A statement without an answer for so long means that the connection is dead. */
  readonly answerTimeoutMs: number;
  /** A turn in this lane may have come. */
  readonly onWake: (lane: string) => void;
  /** The session is no more; what it held is free or will be. Called once, after `open` has resolved. */
  readonly onLost: (reason: Error) => void;
}

/** What a connection tells. */
export interface ConnectionEvents {
  readonly onNotify: (payload: string) => void;
  readonly onClose: () => void;
}

/** The oldest server that has everything the statements use. */
const SERVER_VERSION_MIN = 120_000;

/**
 * One session of the database server: what holds the lanes' locks. It lives and dies with its connection, and
 * once a statement of it has failed for whatever reason it is not used again: the server then frees its locks.
 */
export class PostgresSession {
  readonly statements: Statements;
  /** When the server was started: what a lane's row says about a holder is of no use after a restart. */
  server = '';
  /** Its number among all sessions. */
  session = '';
  readonly #options: SessionOptions;
  readonly #connection: Connection;
  #isOpen = false;
  #isLost = false;
  #lossReason: Error = new Error('The connection broke.');

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.statements = statementsFor(options.names);
    this.#connection = options.open({
      onNotify: (lane) => options.onWake(lane),
      onClose: () => this.#lose(this.#lossReason),
    });
  }

  /**
   * Connects, and makes sure that this server can hold a lane.
   * @throws {PostgresRefusedError} when it cannot
   * @throws {Error} the driver's, when it could not be reached
   */
  static async open(options: SessionOptions): Promise<PostgresSession> {
    const session = new PostgresSession(options);
    try {
      await session.#begin();
    } catch (error) {
      session.close();
      throw explain(error, options.names.schema);
    }
    if (session.#isLost) throw session.#lossReason;
    session.#isOpen = true;
    return session;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Runs a statement. Statements of one session run in the order in which they were asked for.
   * @throws {Error} and the session is lost, when it fails, or is not answered in time
   */
  async run(text: string, params: readonly (string | null)[] = []): Promise<readonly Row[]> {
    const { runtime, answerTimeoutMs } = this.#options;
    const timer = runtime.timers.setTimeout(() => {
      this.drop(new Error(`PostgreSQL did not answer within ${answerTimeoutMs} ms.`));
    }, answerTimeoutMs);
    try {
      return await this.#connection.query(text, params);
    } catch (error) {
      this.drop(error as Error);
      throw this.#lossReason;
    } finally {
      runtime.timers.clearTimeout(timer);
    }
  }

  /** Ends the session, and lets its owner know why. */
  drop(reason: Error): void {
    if (this.#isLost) return;
    this.#lossReason = reason;
    this.#connection.destroy();
    this.#lose(reason);
  }

  /** Ends the session without a word. */
  close(): void {
    this.#isLost = true;
    this.#connection.destroy();
  }

  #lose(reason: Error): void {
    if (this.#isLost) return;
    this.#isLost = true;
    if (this.#isOpen) this.#options.onLost(reason);
  }

  async #begin(): Promise<void> {
    const { names } = this.#options;
    await this.#inspect();
    const [drawn] = await this.run(this.statements.newSession);
    this.session = String(drawn?.['session']);
    await this.run(this.statements.openSession, [this.session]);
    await this.#refuseTransactionPooling();
    await this.run(`LISTEN ${names.channel(this.session)}`);
  }

  async #inspect(): Promise<void> {
    const { names, scope } = this.#options;
    const [kind] = await this.run(this.statements.inspect);
    if (kind?.['replica'] === true) throw readOnly('this server is a read replica');
    if (kind?.['read_only'] === true) throw readOnly('transactions are read-only here');
    if (Number(kind?.['version']) < SERVER_VERSION_MIN) {
      const observed = `the server has version ${String(kind?.['version'])}`;
      throw new PostgresRefusedError('server_too_old', observed, 'Use PostgreSQL 12 or newer.');
    }
    this.server = String(kind?.['server']);
    const [about] = await this.run(this.statements.about);
    if (about === undefined) throw schemaMissing(names.schema);
    if (about['version'] !== String(SCHEMA_VERSION)) throw otherVersion(names.schema, about['version']);
    if (about['scope'] !== scope) throw scopeMismatch(names.schema, String(about['scope']), scope);
  }

  /**
   * A proxy that pools transactions gives the backend of one connection to the next as soon as a transaction is
   * over; a lock of the session would then be anybody's. While a second connection is in a transaction, this one
   * must still have its backend, and not the other's.
   */
  async #refuseTransactionPooling(): Promise<void> {
    const before = await this.#backend();
    const second = this.#options.open({ onNotify: () => undefined, onClose: () => undefined });
    try {
      await second.query('BEGIN');
      const [other] = await second.query('SELECT pg_backend_pid()::text AS pid');
      const after = await this.#backend();
      const isShared = other?.['pid'] === before.pid || after.pid !== before.pid;
      if (isShared || !after.isMine) throw transactionPooling();
    } finally {
      second.destroy();
    }
  }

  async #backend(): Promise<{ readonly pid: unknown; readonly isMine: boolean }> {
    const [row] = await this.run(this.statements.checkSession, [this.session]);
    return { pid: row?.['pid'], isMine: row?.['is_mine'] === true };
  }
}

function readOnly(observed: string): PostgresRefusedError {
  return new PostgresRefusedError(
    'read_only',
    observed,
    'Connect to the primary, with a role that may write to the schema.',
  );
}

function schemaMissing(schema: string, cause?: unknown): PostgresRefusedError {
  return new PostgresRefusedError(
    'schema_missing',
    `schema ${schema} is not complete, or this role may not use it`,
    'Call createPostgresSchema() once, and grant what postgresGrantsSql() says.',
    cause,
  );
}

function otherVersion(schema: string, version: unknown): PostgresRefusedError {
  return new PostgresRefusedError(
    'schema_version',
    `schema ${schema} has version ${String(version)}, not ${SCHEMA_VERSION}`,
    'Use the version of nonceproof that made it in every process, or another schema.',
  );
}

/** Codes of PostgreSQL (manual, appendix A) that trying again does not change. */
const SCHEMA_CODES: readonly string[] = ['3F000', '42P01', '42703', '42501'];
const ACCESS_CODES: readonly string[] = ['28000', '28P01', '3D000'];
/** What a proxy in transaction mode makes of a prepared statement of another session, and of BEGIN. */
const POOLING_CODES: readonly string[] = ['26000', '42P05', '08P01'];

function explain(error: unknown, schema: string): unknown {
  const code = String((error as { code?: unknown }).code);
  if (SCHEMA_CODES.includes(code)) return schemaMissing(schema, error);
  if (POOLING_CODES.includes(code)) return transactionPooling();
  if (!ACCESS_CODES.includes(code)) return error;
  const observed = error instanceof Error ? error.message : String(error);
  return new PostgresRefusedError('access_denied', observed, 'Check user, password and database.', error);
}
