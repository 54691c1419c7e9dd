import { coordinatorOf } from '../run/coordination/index.ts';
import type { ClientWorld, TargetClient } from '../run/targets/index.ts';
import type { Control } from './control.ts';
import { connectTo, DATABASE_PACKAGES, make } from './support/index.ts';
import { laneKeysOf } from './support/index.ts';
import { createMutex } from './support/index.ts';
import { createWire } from './support/index.ts';

/** Unique and rising when drawn; drawn too early. */
export const control: Control = {
  id: 'sequence-outside-turn',
  defect:
    'takes its turns properly, but draws the nonce from a sequence when the call is asked for: another process goes first with a later one',
  origin:
    "Kraken's authentication guide: several workers on one key share a counter; order of drawing is not order of arrival",
  rule: 'nonce-increasing',
  also: { 'no-starvation': 'each process has a queue of its own before the one that they share' },
  needs: DATABASE_PACKAGES,
  setting: { users: 5, calls: 8, processes: 2, coordinator: 'postgres' },
};

export async function createClient(world: ClientWorld): Promise<TargetClient> {
  const wire = createWire(world);
  const sql = await connectTo(world);
  const inProcess = createMutex();
  const { clock, coordination, scope, timers } = world;
  const { coordinator, close } = await coordinatorOf(coordination, { runtime: { clock, timers }, scope });
  const laneKeyOf = laneKeysOf(world);
  await make(sql, `CREATE SEQUENCE nonces START ${clock.wallNs()}`);
  return {
    async call(account, method, params) {
      const [drawn] = await sql`SELECT nextval('nonces')::text AS nonce`;
      const nonce = BigInt(String(drawn?.['nonce']));
      const send = (): Promise<unknown> => wire.post({ account, method, params }, nonce);
      return inProcess(async () => coordinator?.turn(laneKeyOf(account), send));
    },
    async close() {
      await close();
      await sql.end();
    },
  };
}
