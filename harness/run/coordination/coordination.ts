import type { ThreadsCoordinatorOptions } from '../../../src/index.ts';

/** Who hands out turns to a target that runs in several threads or processes. */
export const COORDINATORS = ['local', 'threads', 'postgres'] as const;

export type CoordinatorName = (typeof COORDINATORS)[number];

/** What a client is told about the lane that it shares with others. */
export type Coordination =
  /** Every thread and every process has a lane of its own. */
  | { readonly kind: 'local' }
  /** The threads of a process share one; each finds it where its users would. */
  | ({ readonly kind: 'threads' } & Pick<ThreadsCoordinatorOptions, 'settlingMs'>)
  | { readonly kind: 'postgres'; readonly url: string; readonly settlingMs: number };
