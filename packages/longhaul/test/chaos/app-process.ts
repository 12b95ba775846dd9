/** A process of an app: it runs the built package, does what it is told, and says what happens. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { onTestFinished } from 'vitest'

export interface AppProcess {
  readonly process: ChildProcess
  /** Of the API, when it listens. */
  readonly url: string
  /** Resolves when the process says so, or has said so. */
  reached(place: string): Promise<void>
  release(place: string): void
  kill(signal: NodeJS.Signals): void
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
  stop(graceMs: number): Promise<void>
  /** @returns its id, or nothing when it is not known whether it was done */
  enqueue(type: string, input: object): Promise<string | undefined>
}

export interface AppOptions {
  /** For `longhaul.work`; absent: it only enqueues. */
  readonly work?: object | undefined
  readonly types?: readonly string[] | undefined
  /** Answer requests, all of them as Ada's. */
  readonly listen?: boolean
  /** The app, which stands beside a built package. */
  readonly file?: string
  /** How far off its clock is: '+10m'. */
  readonly clock?: string
  /** Killed then, whether it is ready or not. */
  readonly killAfterMs?: number | undefined
  /** Of Node. */
  readonly flags?: readonly string[] | undefined
}

const thisApp = fileURLToPath(new URL('app.mjs', import.meta.url))

const wrongClock = new URL('clock.mjs', import.meta.url).href

/** Of an app with a database of its own, or where the embedded one has its data. */
export type DatabasePlace =
  | { readonly database: pg.PoolConfig }
  | { readonly dataDirectory: string }

/** @throws when it ends before it is ready */
export async function startApp(
  from: DatabasePlace,
  { work, types, listen, file = thisApp, clock, killAfterMs, flags = [] }: AppOptions = {},
): Promise<AppProcess> {
  const child = fork(file, {
    env: {
      ...process.env,
      CHAOS_CLOCK: clock,
      CHAOS: JSON.stringify({ ...from, work, types, listen }),
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...flags, ...(clock === undefined ? [] : ['--import', wrongClock])],
  })
  if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const said = new Set<string>()
  const listeners = new Set<() => void>()
  const asked = new Map<number, (id: string | undefined) => void>()
  let port: number | undefined
  child.on('message', ({ answered, ...message }: { answered?: Answered; port?: number }) => {
    port ??= message.port
    if (answered !== undefined) asked.get(answered.number)?.(answered.id)
    for (const [name, value] of Object.entries(message)) said.add(`${name} ${String(value)}`)
    for (const listener of listeners) {
      listeners.delete(listener)
      listener()
    }
  })
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await gone
  })
  async function until(what: string): Promise<void> {
    while (!said.has(what)) {
      await new Promise<void>((resolve) => {
        listeners.add(resolve)
      })
    }
  }
  const ended = await Promise.race([until('ready true'), gone.then(() => 'ended')])
  if (ended !== undefined) throw new Error('the app ended before it was ready')
  return {
    process: child,
    url: `http://127.0.0.1:${port}/api/longhaul`,
    gone,
    reached: (place) => until(`reached ${place}`),
    release: (place) => child.send({ release: place }),
    kill: (signal) => child.kill(signal),
    async stop(graceMs) {
      child.send({ stop: { graceMs } })
      await gone
    },
    enqueue: (type, input) =>
      new Promise((resolve) => {
        const number = asked.size
        asked.set(number, resolve)
        void gone.then(() => resolve(undefined))
        if (child.connected) child.send({ enqueue: { number, type, input } })
      }),
  }
}

interface Answered {
  readonly number: number
  readonly id?: string
}
