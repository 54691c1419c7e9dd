import { createLocalCoordinator } from '../../../src/index.ts';
import type { LaneCoordinator, LaneScope, Runtime } from '../../../src/index.ts';
import type { Coordination } from './coordination.ts';

/** A coordinator that a client was told of, and what has to be done with it at the end. */
export interface ToldCoordinator {
  /** `undefined`: none of one's own, the process has one already. */
  readonly coordinator: LaneCoordinator | undefined;
  close(): Promise<void>;
}

/** The coordinator for the options of `GlobalKrakenNonceManager.configure`, as a user would choose it. */
export async function coordinatorOf(
  coordination: Coordination | undefined,
  options: { readonly runtime: Runtime; readonly scope: LaneScope },
): Promise<ToldCoordinator> {
  const close = async (): Promise<void> => undefined;
  if (coordination?.kind === 'threads') return { coordinator: undefined, close };
  if (coordination?.kind !== 'postgres') return { coordinator: createLocalCoordinator(options), close };
  const { url, settlingMs } = coordination;
  const { createPostgresCoordinator } = await import('../../../src/lane/postgres/index.ts');
  const coordinator = createPostgresCoordinator({ ...options, url, settlingMs });
  return { coordinator, close: () => coordinator.close() };
}
