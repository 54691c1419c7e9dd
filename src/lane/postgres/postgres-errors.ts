import { NonceproofError } from '../../errors.ts';

/** Why a database cannot hold a lane. */
export type RefusalReason =
  /** `createPostgresSchema` was never called here, or this role may not use what it made. */
  | 'schema_missing'
  /** The schema was made by another version of this package. */
  | 'schema_version'
  /** The schema was made for the other scope: two scopes in one schema would be two sets of lanes. */
  | 'scope_mismatch'
  /** A read replica, or a role or database that is read-only. */
  | 'read_only'
  /** A proxy that hands each transaction to any connection: a lock of the session would be anybody's. */
  | 'transaction_pooling'
  | 'server_too_old'
  | 'access_denied';

/** The database answers, and cannot hold a lane safely. Trying again does not help before it is changed. */
export class PostgresRefusedError extends NonceproofError {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, observed: string, whatToDo: string, cause?: unknown) {
    super(`postgres_${reason}`, `Failed to hold the lane in PostgreSQL: ${observed}. ${whatToDo}`, cause);
    this.reason = reason;
  }
}

/** A statement ran in another session than the one before it. */
export function transactionPooling(): PostgresRefusedError {
  return new PostgresRefusedError(
    'transaction_pooling',
    'a proxy between here and the server hands every transaction to another session',
    'Connect to the server itself, or through a pool in session mode: the lane is a lock of the session.',
  );
}

/** The database could not be reached for as long as a caller may have to wait for it. Nothing was sent to Kraken. */
export class PostgresUnreachableError extends NonceproofError {
  readonly unreachableMs: number;

  constructor(unreachableMs: number, cause: unknown) {
    super(
      'postgres_unreachable',
      `Failed to enter the lane: PostgreSQL could not be reached for ${unreachableMs} ms. Nothing was sent; check the database and the network, and call again.`,
      cause,
    );
    this.unreachableMs = unreachableMs;
  }
}

/** The coordinator was closed. Nothing was sent. */
export class PostgresClosedError extends NonceproofError {
  constructor() {
    super('postgres_closed', 'Failed to enter the lane: the coordinator is closed. Make a new one.');
  }
}

/** An option of the coordinator or the schema that makes no sense. */
export class PostgresOptionError extends NonceproofError {
  readonly option: string;

  constructor(option: string, observed: string, whatToDo: string) {
    super('postgres_option', `Failed to make a PostgreSQL coordinator: ${option} ${observed}. ${whatToDo}`);
    this.option = option;
  }
}
