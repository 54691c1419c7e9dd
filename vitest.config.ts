import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,mock-kraken,harness,properties,bench}/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
