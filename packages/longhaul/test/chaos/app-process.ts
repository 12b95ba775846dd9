/** A process of an app: it runs the built package, does what it is told, and says what happens. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { onTestFinished } from 'vitest'

export interface AppProcess {
  readonly process: ChildProcess
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
  /** For `longhaul.work`. */
  readonly work?: object | undefined
  readonly types?: readonly string[] | undefined
  /** The app, which stands beside a built package. */
  readonly file?: string
  /** How far off its clock is: '+10m'. */
  readonly clock?: string
}

const thisApp = fileURLToPath(new URL('app.mjs', import.meta.url))

const wrongClock = new URL('clock.mjs', import.meta.url).href

/** @throws when it ends before it is at work */
export async function startApp(
  database: pg.PoolConfig,
  { work = {}, types, file = thisApp, clock }: AppOptions = {},
): Promise<AppProcess> {
  const child = fork(file, {
    env: { ...process.env, CHAOS_CLOCK: clock, CHAOS: JSON.stringify({ database, work, types }) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(clock === undefined ? {} : { execArgv: ['--import', wrongClock] }),
  })
  const said = new Set<string>()
  const listeners = new Set<() => void>()
  const asked = new Map<number, (id: string | undefined) => void>()
  child.on('message', ({ answered, ...message }: { answered?: Answered }) => {
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
  if (ended !== undefined) throw new Error('the app ended before it was at work')
  return {
    process: child,
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
