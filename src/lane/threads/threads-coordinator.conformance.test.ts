import { coordinatorConformance } from '../coordinator-conformance.test-support.ts';
import { systemRuntime } from '../../system.ts';
import { createThreadsCoordinator, joinThreads } from './threads-coordinator.ts';

/** All participants in one thread: the suite wants to see the order in which they enter. */
coordinatorConformance({
  name: 'threads',
  async open({ scope, participants }) {
    const host = createThreadsCoordinator({ runtime: systemRuntime, scope });
    const handles = Array.from({ length: participants - 1 }, () => host.handle());
    return {
      participants: [host, ...handles.map((handle) => joinThreads(handle))],
      settled: async () => undefined,
      close: async () => handles.forEach(({ port }) => port.close()),
    };
  },
});
