import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('first-job.mjs', import.meta.url))

export async function open() {
  return {
    settings: {},
    /** @returns milliseconds from the start of a process until its first job is done */
    async firstJob(dataDirectory) {
      const begun = performance.now()
      const app = fork(file, [dataDirectory])
      await once(app, 'message')
      const took = performance.now() - begun
      await once(app, 'exit')
      return took
    },
    close: async () => undefined,
  }
}
