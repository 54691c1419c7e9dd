import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY, SEPARATE_QUEUES } from './support/index.ts';
import { connectTo, DATABASE_PACKAGES, SLOW_IN_TWO_PROCESSES } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { clockNonces } from './support/index.ts';
import { createWire } from './support/index.ts';

/** What a firewall, a proxy or the server itself does to a connection that is silent for long; here not so long. */
const IDLE_MS = 40;

/** The pool is healthy; the one connection that matters is gone. */
export const control: Control = {
  id: 'lock-unwatched',
  defect:
    'takes an advisory lock on one connection and asks another whether the database is there: the first one dies unnoticed, and its lock with it',
  origin: 'pg_advisory_lock through a pool, with a health check through the same pool',
  rule: 'no-overlap',
  also: { ...OVERTAKING_ON_A_KEY, ...SEPARATE_QUEUES },
  needs: DATABASE_PACKAGES,
  setting: SLOW_IN_TWO_PROCESSES,
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const wire = createWire(world);
  const pool = await connectTo(world);
  const inProcess = createMutex();
  const nextNonce = clockNonces(world);

  async function withLock<T>(body: () => Promise<T>): Promise<T> {
    const holder = await connectTo(world, 1);
    await holder`SELECT pg_advisory_lock(42)`;
    await holder`SELECT set_config('idle_session_timeout', ${String(IDLE_MS)}, false)`;
    await pool`SELECT 1`;
    try {
      return await body();
    } finally {
      await holder.end({ timeout: 1 });
    }
  }

  return {
    call: (account, method, params) =>
      inProcess(() => withLock(() => wire.post({ account, method, params }, nextNonce()))),
    close: () => pool.end({ timeout: 1 }),
  };
}
