import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.{ts,tsx}',
      'packages/*/test/*.test.ts',
      'apps/*/src/**/*.test.ts',
    ],
    globalSetup: ['packages/longhaul/test/postgres.global.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})
