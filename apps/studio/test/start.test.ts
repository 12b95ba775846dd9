import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  makeDataDirectory,
  postgresProcesses,
  removeData,
  runningOf,
  runToEnd,
  startStudio,
} from './studio-process.js'

async function dataDirectory(): Promise<string> {
  const data = await makeDataDirectory()
  onTestFinished(() => removeData(data))
  return data
}

/** It ends with exit code 1 and says all there is to say in one line. @returns that line */
async function refusalOf(data: string, env: Record<string, string>): Promise<string> {
  const { exitCode, stdout, stderr } = await runToEnd(data, env)
  const lines = stderr.trim().split('\n')
  expect(lines).toHaveLength(1)
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  return lines[0]!
}

describe(
  'a start that cannot work ends with one sentence that says what to do',
  { timeout: 60_000 },
  () => {
    it('when the port is in use', async () => {
      const other = createServer().listen(0, '127.0.0.1')
      onTestFinished(() => void other.close())
      await once(other, 'listening')
      const { port } = other.address() as AddressInfo
      const said = await refusalOf(await dataDirectory(), { PORT: String(port) })
      expect(said).toContain(`Port ${port} is in use`)
      expect(said).toContain(`PORT=${port + 1} npm start`)
    })

    it('when the database cannot be reached, and repeats no password', async () => {
      const said = await refusalOf(await dataDirectory(), {
        DATABASE_URL: 'postgres://nobody:hunter2@127.0.0.1:1/none',
      })
      expect(said).toContain('127.0.0.1:1/none')
      expect(said).not.toContain('hunter2')
    })

    it('when the data are of another version of Postgres', async () => {
      const data = await dataDirectory()
      await mkdir(join(data, 'postgres'))
      await writeFile(join(data, 'postgres/PG_VERSION'), '9\n')
      const said = await refusalOf(data, {})
      expect(said).toContain('is of Postgres 9')
      expect(said).toContain('LONGHAUL_DATA')
    })

    it('when the environment is wrong', async () => {
      expect(await refusalOf(await dataDirectory(), { PORT: 'http' })).toContain('PORT is "http"')
    })
  },
)

describe('the studio', { timeout: 60_000 }, () => {
  it('ends with Ctrl-C, exit code 0, and leaves no process behind', async () => {
    const data = await dataDirectory()
    const studio = await startStudio(data)
    const postgres = await postgresProcesses(data)
    expect(postgres.length).toBeGreaterThan(0)
    expect(await studio.stop()).toBe(0)
    expect(await runningOf(postgres)).toEqual([])
  })

  it('starts in a directory that only its owner may enter: for root, the database lives elsewhere', async () => {
    const data = await dataDirectory()
    await chmod(data, 0o700)
    const hash = createHash('sha256').update(join(data, 'mine')).digest('hex').slice(0, 12)
    onTestFinished(() => rm(`/var/lib/longhaul/${hash}`, { recursive: true, force: true }))
    const studio = await startStudio(join(data, 'mine'))
    expect(await (await fetch(`${studio.url}/api/longhaul/health`)).json()).toMatchObject({
      status: 'ok',
    })
    expect(await studio.stop()).toBe(0)
  })
})
