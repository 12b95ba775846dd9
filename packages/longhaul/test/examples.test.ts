import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testDatabase, urlOf } from './database.js'

interface Example {
  readonly url: string
  readonly process: ChildProcess
}

/** The example as somebody starts it who follows the guide; resolves when it says where it listens. */
async function start(name: string): Promise<Example> {
  const { connection } = await testDatabase()
  const child = spawn(process.execPath, ['server.js'], {
    cwd: fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url)),
    env: {
      ...process.env,
      DATABASE_URL: urlOf(connection),
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  for await (const text of child.stdout.setEncoding('utf8')) {
    const url = /http:\S+/.exec(String(text))?.[0]
    if (url !== undefined) return { url, process: child }
  }
  throw new Error(`The example ${name} ended before it listened.`)
}

describe.each(['hono', 'express'])('the example for %s', (name) => {
  it('runs a job that is asked for over HTTP, and stops when it is told to', async () => {
    const example = await start(name)
    const headers = { 'x-user': 'ada', 'content-type': 'application/json' }
    const jobs = `${example.url}/api/longhaul/jobs`
    const body = JSON.stringify({ type: 'count_words', input: { text: 'so it goes' } })
    expect((await fetch(jobs, { method: 'POST', body })).status).toBe(401)
    const created = await fetch(jobs, { method: 'POST', headers, body })
    expect(created.status).toBe(201)
    const { id } = (await created.json()) as { id: string }
    const watch = await fetch(`${example.url}/api/longhaul/watch?job=${id}`, { headers })
    let seen = ''
    for await (const bytes of watch.body as unknown as AsyncIterable<Uint8Array>) {
      seen += Buffer.from(bytes).toString()
      if (seen.includes('"status":"completed"')) break
    }
    const job = await (await fetch(`${jobs}/${id}`, { headers })).json()
    expect(job).toMatchObject({ status: 'completed', result: { words: 3 } })
    example.process.kill('SIGTERM')
    expect(await once(example.process, 'exit')).toEqual([0, null])
  })
})
