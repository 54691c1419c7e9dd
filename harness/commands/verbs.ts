import type { RegisterCommand } from './command.ts';

/** Loaders of the commands, by verb: a command that is not used is not loaded. */
export const COMMANDS: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  verify: async () => (await import('./verify.ts')).registerVerify,
  mock: async () => (await import('./mock.ts')).registerMock,
  check: async () => (await import('./check.ts')).registerCheck,
  controls: async () => (await import('./controls.ts')).registerControls,
  explore: async () => (await import('./explore.ts')).registerExplore,
  replay: async () => (await import('./replay.ts')).registerReplay,
  report: async () => (await import('./report.ts')).registerReport,
  init: async () => (await import('./init.ts')).registerInit,
};
