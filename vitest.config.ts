import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'
import { withReactNativeGlobals } from './packages/longhaul/test/react-native/plugin.js'
import { findChromium } from './scripts/chromium.mjs'

const chromium = findChromium()

const common = {
  env: chromium === undefined ? {} : { CHROME_PATH: chromium },
  testTimeout: 30_000,
  expect: { poll: { timeout: 10_000 } },
  hookTimeout: 60_000,
}

const inReactNative = ['client', 'job-store', 'streams', 'react-native']

export default defineConfig({
  test: {
    // Most tests wait for something most of the time: two at once are faster also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // One Postgres for all projects.
    globalSetup: ['packages/longhaul/test/postgres.global.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'node',
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'packages/*/test/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'apps/*/test/*.test.ts',
            'bench/harness/*.test.mjs',
          ],
          exclude: [...configDefaults.exclude, '**/react-native.test.{ts,tsx}'],
        },
      },
      {
        plugins: [withReactNativeGlobals()],
        test: {
          ...common,
          name: 'react-native',
          env: { LONGHAUL_PLATFORM: 'react-native' },
          include: [
            ...inReactNative.map((name) => `packages/longhaul/src/client/${name}.test.ts`),
            'packages/longhaul/src/react/hooks/react-native.test.tsx',
          ],
        },
      },
    ],
  },
})
