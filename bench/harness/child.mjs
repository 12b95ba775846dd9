// A process of the bench that answers questions: an API node, those who make changes, the readers.
import { fork } from 'node:child_process'
import { once } from 'node:events'

/** Resolves when the process is ready, with what it said then. */
export async function startChild(url, task) {
  const child = fork(url, [JSON.stringify(task)], { execArgv: ['--expose-gc'] })
  const answers = new Map()
  let asked = 0
  const ready = new Promise((resolve, reject) => {
    child.on('message', ({ number, answer }) => {
      if (number === 0) resolve(answer)
      else answers.get(number)?.(answer)
    })
    child.once('exit', (code) => reject(new Error(`${url.pathname} ended with ${code}`)))
  })
  const said = await ready
  return {
    ...said,
    ask(question) {
      asked += 1
      const number = asked
      child.send({ number, ...question })
      return new Promise((resolve) => answers.set(number, resolve))
    },
    async close() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
