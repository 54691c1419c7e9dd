/** The PostgreSQL coordinator passes the suite of all coordinators, on a real server. */
import { afterAll, beforeAll } from 'vitest';
import { startDatabase } from '../harness/run/coordination/database.ts';
import type { Database } from '../harness/run/coordination/database.ts';
import { coordinatorConformance } from '../src/lane/coordinator-conformance.test-support.ts';
import { createPostgresCoordinator, createPostgresSchema } from '../src/lane/postgres/index.ts';

let database: Database;
let schemas = 0;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(() => database.stop());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

coordinatorConformance({
  name: 'postgres',
  manyTurns: 400,
  async open({ scope, participants }) {
    schemas += 1;
    const options = { url: database.url(), schema: `suite_${schemas}`, scope };
    await createPostgresSchema(options);
    const coordinators = Array.from({ length: participants }, () => createPostgresCoordinator(options));
    return {
      participants: coordinators,
      settled: () => until(() => coordinators.every(({ unplaced }) => unplaced === 0)),
      close: async () => void (await Promise.all(coordinators.map((coordinator) => coordinator.close()))),
    };
  },
});
