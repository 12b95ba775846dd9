// Worker processes of one system: the measuring process counts what they do.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('../worker.mjs', import.meta.url))

/** Connected, but not yet at work: `go` starts all of them. */
export async function startWorkers(count, task) {
  const workers = Array.from({ length: count }, () => fork(file, [JSON.stringify(task)]))
  const counts = workers.map(() => 0)
  const seen = new Map()
  const awaited = new Map()
  for (const [n, worker] of workers.entries()) {
    worker.on('message', (message) => {
      counts[n] = message.handled ?? counts[n]
      for (const [trace, at] of message.seen ?? []) {
        seen.set(trace, at)
        awaited.get(trace)?.(at)
      }
    })
  }
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return {
    handled: () => counts.reduce((sum, handled) => sum + handled, 0),
    /** When a handler saw the input with this trace, by the wall clock. */
    saw: (trace) =>
      new Promise((resolve) => {
        if (seen.has(trace)) resolve(seen.get(trace))
        else awaited.set(trace, resolve)
      }),
    async go() {
      await Promise.all(
        workers.map(async (worker) => {
          const atWork = new Promise((resolve) => {
            worker.on('message', ({ isAtWork }) => isAtWork && resolve())
          })
          worker.send('go')
          await atWork
        }),
      )
    },
    async stop() {
      await Promise.all(
        workers.map(async (worker) => {
          if (worker.exitCode !== null) return
          const gone = once(worker, 'exit')
          worker.send('stop')
          await gone
        }),
      )
    },
  }
}
