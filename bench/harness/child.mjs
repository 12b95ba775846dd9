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
      else answers.get(number)?.resolve(answer)
    })
    child.once('exit', (code) => {
      const error = new Error(`${url.pathname} ended with ${code}`)
      reject(error)
      // Without a code it was killed, by whoever has no use for it any more.
      if (code !== null) for (const answer of answers.values()) answer.reject(error)
    })
  })
  const said = await ready
  return {
    ...said,
    ask(question) {
      asked += 1
      const number = asked
      child.send({ number, ...question })
      return new Promise((resolve, reject) => answers.set(number, { resolve, reject }))
    },
    async close() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
