import { createHash } from 'node:crypto';
import { PostgresOptionError } from './postgres-errors.ts';

/** The names that one schema uses outside of itself: locks and channels belong to the whole database. */
export interface Names {
  /** Quoted nowhere: letters, digits and underscores only. */
  readonly schema: string;
  /** First number of the two-number advisory locks by which sessions show that they live. */
  readonly sessionClass: number;
  /** The advisory lock of a lane; does not depend on any row, so that it survives a restored backup. */
  laneLock(lane: string): bigint;
  /** The advisory lock of making the schema. */
  readonly makingLock: bigint;
  /** The setting by which a database session remembers the ticket that holds the lane in it. */
  turnSetting(lane: string): string;
  /** Where a session is told that its turn may have come. */
  channel(session: string): string;
}

/** @throws {PostgresOptionError} unless `schema` is a plain lower-case name */
export function namesIn(schema: string): Names {
  if (!/^[a-z_][a-z0-9_]{0,39}$/.test(schema)) {
    throw new PostgresOptionError(
      'schema',
      'is no plain name',
      'Use lower-case letters, digits and underscores, at most 40.',
    );
  }
  return {
    schema,
    sessionClass: digest(`${schema}/sessions`).readUInt32BE() >>> 1,
    laneLock: (lane) => digest(`${schema}/lane/${lane}`).readBigInt64BE(),
    makingLock: digest(`${schema}/making`).readBigInt64BE(),
    turnSetting: (lane) => `nonceproof.turn_${digest(`${schema}/lane/${lane}`).toString('hex', 0, 12)}`,
    channel: (session) => `${schema}_${session}`,
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(`nonceproof/${text}`).digest();
}
