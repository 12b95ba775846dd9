import { defineConfig } from 'vitest/config'
import { findChromium } from './scripts/chromium.mjs'

const chromium = findChromium()

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.{ts,tsx}',
      'packages/*/test/*.test.ts',
      'apps/*/src/**/*.test.ts',
      'apps/*/test/*.test.ts',
      'bench/harness/*.test.mjs',
    ],
    globalSetup: ['packages/longhaul/test/postgres.global.ts'],
    env: chromium === undefined ? {} : { CHROME_PATH: chromium },
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
  },
})
