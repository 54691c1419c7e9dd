import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';
import { COMPILED, compiled } from './compiled.config.ts';

/** Tests that start nothing and replace nothing global: they may share a process, which saves half of their time. */
const SHARING = [
  'src',
  'mock-kraken',
  'harness/rules',
  'harness/reports',
  'harness/history',
  'harness/verdict',
].map((folder) => `${folder}/**/*.test.ts`);

const config: ViteUserConfig = defineConfig({
  test: {
    // vitest leaves one processor free, which on a machine with two is half of them; many tests wait for others.
    maxWorkers: '100%',
    globalSetup: 'compiled.config.ts',
    provide: { compiled: COMPILED },
    projects: [
      {
        extends: true,
        test: { name: 'sharing', include: SHARING, isolate: false },
      },
      {
        extends: true,
        plugins: [compiled()],
        test: {
          name: 'alone',
          include: ['{src,mock-kraken,harness,properties,bench}/**/*.test.ts'],
          exclude: SHARING,
        },
      },
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
