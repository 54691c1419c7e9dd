/** How vitest runs for `npm run mutate`: on the sources that Stryker has changed, with the tests of one area. */
import type { Plugin, ViteUserConfig } from 'vitest/config';
import { COMPILED, compiled } from './compiled.config.ts';
import { endWarmWorker, WarmWorker } from './warm-worker.config.ts';

/** Stryker asks for threads, which not every test can run in, and for a new one each time. */
const pool: Plugin = {
  name: 'nonceproof:pool',
  configureVitest({ project, vitest }) {
    project.config.pool = 'warm';
    project.config.poolRunner = { name: 'warm', createPoolWorker: (options) => new WarmWorker(options) };
    vitest.onClose(endWarmWorker);
  },
};

const config: ViteUserConfig = {
  plugins: [compiled({ loadsSources: true }), pool],
  test: {
    include: (process.env['NONCEPROOF_MUTATION_TESTS'] ?? '').split(','),
    globalSetup: process.env['NONCEPROOF_MUTATION_BUILD'] === undefined ? [] : ['compiled.config.ts'],
    provide: { compiled: COMPILED },
    isolate: false,
    // A mutant that hangs is noticed.
    testTimeout: Number(process.env['NONCEPROOF_MUTATION_TIMEOUT_MS'] ?? 5_000),
  },
};

export default config;
