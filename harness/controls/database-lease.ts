import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { OVERTAKING_ON_A_KEY, SEPARATE_QUEUES } from './support/index.ts';
import { connectTo, DATABASE_PACKAGES, make, SLOW_IN_TWO_PROCESSES } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { sleep } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Shorter than a call takes, and longer than the network can swap two calls: the overlap shows by itself. */
const LEASE_MS = 40;
const RETRY_MS = 5;

/** Redlock's idea on another store: whoever holds the row until it expires. */
export const control: Control = {
  id: 'database-lease',
  defect:
    'its lock is a row with a time to live, shared by all processes: it expires while a call is in service',
  origin: 'Redlock, and lock tables with expires_at, taken for mutual exclusion',
  rule: 'no-overlap',
  also: { ...OVERTAKING_ON_A_KEY, ...SEPARATE_QUEUES },
  needs: DATABASE_PACKAGES,
  setting: SLOW_IN_TWO_PROCESSES,
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const wire = createWire(world);
  const sql = await connectTo(world);
  const inProcess = createMutex();
  await make(
    sql,
    'CREATE TABLE lease (name text PRIMARY KEY, owner text, nonce bigint, expires_at timestamptz)',
  );
  await make(sql, "INSERT INTO lease VALUES ('lane', NULL, 0, now())");
  const owner = `${process.pid}`;

  /** The nonce comes with the lease and rises from one to the next. */
  async function acquire(): Promise<bigint> {
    for (;;) {
      const [lease] = await sql`
        UPDATE lease SET owner = ${owner}, expires_at = now() + ${`${LEASE_MS} ms`}::interval,
                         nonce = greatest(nonce + 1, ${String(world.clock.wallNs())}::bigint)
         WHERE name = 'lane' AND (owner IS NULL OR expires_at < now()) RETURNING nonce::text`;
      if (lease !== undefined) return BigInt(String(lease['nonce']));
      await sleep(world, RETRY_MS);
    }
  }

  async function release(): Promise<void> {
    await sql`UPDATE lease SET owner = NULL WHERE name = 'lane' AND owner = ${owner}`;
  }

  return {
    call: (account, method, params) =>
      inProcess(async () => {
        const nonce = await acquire();
        try {
          return await wire.post({ account, method, params }, nonce);
        } finally {
          await release();
        }
      }),
    close: () => sql.end(),
  };
}
