export { createPostgresCoordinator, PostgresCoordinator } from './postgres-coordinator.ts';
export type { PostgresCoordinatorOptions } from './postgres-coordinator.ts';
export {
  PostgresClosedError,
  PostgresOptionError,
  PostgresRefusedError,
  PostgresUnreachableError,
} from './postgres-errors.ts';
export type { RefusalReason } from './postgres-errors.ts';
export { createPostgresSchema, postgresGrantsSql, postgresSchemaSql } from './schema.ts';
export type { PostgresSchemaOptions } from './schema.ts';
/** The order of statements: for whoever explores it. */
export * as laneProtocol from './lane-protocol.ts';
export type { Before, LaneStatement } from './lane-protocol.ts';
