import { coordinatorConformance } from './coordinator-conformance.test-support.ts';
import { createLocalCoordinator } from './local-coordinator.ts';
import { systemRuntime } from '../system.ts';

coordinatorConformance({
  name: 'local',
  skips: { 'participants-are-separate': 'one process has one coordinator, so participants are the same' },
  async open({ scope, participants }) {
    const coordinator = createLocalCoordinator({ runtime: systemRuntime, scope });
    return {
      participants: Array.from({ length: participants }, () => coordinator),
      settled: async () => undefined,
      close: async () => undefined,
    };
  },
});
