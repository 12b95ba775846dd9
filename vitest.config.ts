import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/*/test/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
          ],
          exclude: ['packages/*/test/browser/**', '**/node_modules/**'],
          globalSetup: ['packages/longhaul/test/postgres.global.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'react',
          include: ['packages/*/src/**/*.test.tsx'],
          environment: 'happy-dom',
        },
      },
    ],
  },
})
