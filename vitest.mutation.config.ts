/** How vitest runs for `npm run mutate`: on the sources that Stryker has changed, with the tests of one area. */
import type { Plugin, ViteUserConfig } from 'vitest/config';
import { COMPILED, compiled } from './compiled.config.ts';

/** Stryker asks for threads, which not every test can run in. */
const pool: Plugin = {
  name: 'nonceproof:pool',
  configureVitest({ project }) {
    project.config.pool = process.env['NONCEPROOF_MUTATION_POOL'] === 'forks' ? 'forks' : 'threads';
  },
};

const config: ViteUserConfig = {
  plugins: [compiled({ loadsSources: true }), pool],
  test: {
    include: (process.env['NONCEPROOF_MUTATION_TESTS'] ?? '').split(','),
    globalSetup: 'compiled.config.ts',
    provide: { compiled: COMPILED },
    isolate: false,
    // A mutant that hangs is noticed.
    testTimeout: 10_000,
  },
};

export default config;
