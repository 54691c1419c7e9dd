import type { LaneScope } from '../../../src/index.ts';
import type { Coordination, CoordinatorName } from './coordination.ts';
import { startDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openLoopbackProxy } from './loopback-proxy.ts';
import type { LoopbackProxy } from './loopback-proxy.ts';
import type { NemesisGrip } from './nemesis.ts';

/** What a run needs so that its processes can share a lane. */
export interface OpenCoordination {
  /** What the process of this number is told. */
  toldTo(process: number): Coordination;
  /** How what the lane stands on can be broken; `null` where it stands on nothing. */
  readonly grip: Pick<NemesisGrip, 'cut' | 'stall' | 'resume' | 'restartServer'> | null;
  close(): Promise<void>;
}

/** How the lane of a run is shared. */
export interface CoordinationPlan {
  readonly coordinator: CoordinatorName;
  readonly scope: LaneScope;
  readonly settlingMs: number;
  /** Each gets a way of its own to the database. */
  readonly processes: number;
}

/**
 * Starts what the coordinator of a run stands on.
 * @throws {UsageError} when that cannot be had
 */
export async function openCoordination(plan: CoordinationPlan): Promise<OpenCoordination> {
  const { coordinator, settlingMs } = plan;
  if (coordinator === 'postgres') return openDatabase(plan);
  const told: Coordination = coordinator === 'local' ? { kind: 'local' } : { kind: 'threads', settlingMs };
  return { toldTo: () => told, grip: null, close: async () => undefined };
}

async function openDatabase({ processes, scope, settlingMs }: CoordinationPlan): Promise<OpenCoordination> {
  const { createPostgresSchema } = await import('../../../src/lane/postgres/index.ts');
  const database = await startDatabase();
  await createPostgresSchema({ url: database.url(), scope });
  const ways = await Promise.all(Array.from({ length: processes }, () => openLoopbackProxy(database.port)));
  return {
    toldTo: (process) => ({ kind: 'postgres', url: database.url(ways[process]?.port), settlingMs }),
    grip: gripOn(database, ways),
    async close() {
      await Promise.all(ways.map((way) => way.close()));
      await database.stop();
    },
  };
}

function gripOn(database: Database, ways: readonly LoopbackProxy[]): OpenCoordination['grip'] {
  return {
    cut: (process) => ways[process]?.cut(),
    stall: (process) => ways[process]?.stall(),
    resume: (process) => ways[process]?.resume(),
    restartServer: (crash) => database.restart({ crash }),
  };
}
