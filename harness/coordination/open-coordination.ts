import type { LaneScope } from '../../src/index.ts';
import { createPostgresSchema } from '../../src/postgres/index.ts';
import type { Coordination, CoordinatorName } from './coordination.ts';
import { startDatabase } from './database.ts';

/** What a run needs so that its processes can share a lane. */
export interface OpenCoordination {
  /** What the process of this number is told. */
  toldTo(processIndex: number): Coordination;
  close(): Promise<void>;
}

/** How the lane of a run is shared. */
export interface CoordinationPlan {
  readonly coordinator: CoordinatorName;
  readonly scope: LaneScope;
  readonly settlingMs: number;
}

/**
 * Starts what the coordinator of a run stands on.
 * @throws {UsageError} when that cannot be had
 */
export async function openCoordination(plan: CoordinationPlan): Promise<OpenCoordination> {
  const { coordinator, scope, settlingMs } = plan;
  if (coordinator !== 'postgres') {
    const told: Coordination = coordinator === 'local' ? { kind: 'local' } : { kind: 'threads', settlingMs };
    return { toldTo: () => told, close: async () => undefined };
  }
  const database = await startDatabase();
  await createPostgresSchema({ url: database.url(), scope });
  return {
    toldTo: () => ({ kind: 'postgres', url: database.url(), settlingMs }),
    close: () => database.stop(),
  };
}
