/** The back end in Python of the example for Next.js, as a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

const script = fileURLToPath(new URL('../../../examples/nextjs/backend/server.py', import.meta.url))

export interface Backend {
  readonly url: string
  /** All that it has said. */
  said(): string
}

/** Stopped when the file's tests have run. */
export async function openBackend(): Promise<Backend> {
  const child = spawn('python3', [script], { env: { ...process.env, PORT: '0' } })
  afterAll(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
  })
  let text = ''
  const url = await new Promise<string>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString()
      const found = /http:\/\/\S+:\d+/.exec(text)?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', look)
    child.stderr.on('data', look)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`The back end ended before it listened: ${text}`)))
  })
  return { url, said: () => text }
}
