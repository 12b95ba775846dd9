import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const example = `${root}examples/expo`
const run = promisify(execFile)

beforeAll(async () => {
  await run(process.execPath, ['scripts/install-example.mjs', 'expo'], { cwd: root })
}, 600_000)

describe('the example for Expo', () => {
  it(
    'has the types of React Native, Expo and the server’s jobs',
    { timeout: 120_000 },
    async () => {
      // `execFile` rejects with what the compiler says.
      expect(await run('node_modules/.bin/tsc', [], { cwd: example })).toMatchObject({ stdout: '' })
    },
  )

  it('has a lockfile that knows what the package needs', async () => {
    const read = async (path: string) => JSON.parse(await readFile(root + path, 'utf8')) as never
    const { dependencies } = await read('packages/longhaul/package.json')
    const lock: { packages: Record<string, object> } = await read('examples/expo/package-lock.json')
    expect(
      lock.packages['node_modules/longhaul'],
      'Run "npm install" in examples/expo, and commit its lockfile.',
    ).toMatchObject({ dependencies })
  })
})
