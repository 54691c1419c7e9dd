import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{src,mock-kraken,harness,properties,bench}/**/*.test.ts'],
    // vitest leaves one processor free, which on a machine with two is half of them; many tests wait for others.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
