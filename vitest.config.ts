import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';
import { COMPILED, compiled } from './compiled.config.ts';

const config: ViteUserConfig = defineConfig({
  plugins: [compiled()],
  test: {
    include: ['{src,mock-kraken,harness,properties,bench}/**/*.test.ts'],
    globalSetup: 'compiled.config.ts',
    provide: { compiled: COMPILED },
    // Files share a process, one after the other: starting one for each takes longer than most of them. So a test
    // puts back whatever it replaces.
    isolate: false,
    // vitest leaves one processor free, which on a machine with two is half of them; many tests wait for others.
    maxWorkers: '100%',
    // Only what hangs takes so long, on a busy machine too.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});

export default config;
