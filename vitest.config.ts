import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Servers and real clients are started in tests: the limits are for hangs, not for speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
