// Who opens a page that shows a job: the client as it ships, held to what the database says.
import { createClient } from 'longhaul/client'
import pg from 'pg'
import { WebSocket } from 'ws'
import { answerQuestions, task } from '../../harness/answer.mjs'
import { rest } from '../../harness/clock.mjs'
import { authorization } from './sign-in.mjs'

const patienceMs = 10_000
const longestStayMs = 4000
const database = new pg.Pool({ ...task.database, max: 4 })
database.on('error', () => undefined)

answerQuestions(
  {},
  {
    /** @returns how long each took at its slower look; null: it did not show it in time */
    async attempt({ port, ids, count, atOnce }) {
      const taken = []
      let begun = 0
      async function attemptOn() {
        while (begun < count) {
          begun += 1
          taken.push(await attempt(port, ids[begun % ids.length], begun))
        }
      }
      await Promise.all(Array.from({ length: atOnce }, attemptOn))
      return taken
    },
  },
)

/** Opens, must show the job, stays for a while, and must show what has become of it. */
async function attempt(port, id, n) {
  const client = createClient({
    url: `http://127.0.0.1:${port}/api/longhaul`,
    getToken: () => authorization.slice('Bearer '.length),
    webSocket: n % 2 === 0 && WebSocket,
  })
  const unsubscribe = client.job(id).subscribe(() => undefined)
  try {
    const first = await untilShown(client, id)
    await rest(Math.random() * longestStayMs)
    const last = await untilShown(client, id)
    return first === null || last === null ? null : Math.max(first, last)
  } finally {
    unsubscribe()
    client.close()
  }
}

/** @returns milliseconds until it shows what the database says now, or what came after; null: too late */
async function untilShown(client, id) {
  const begun = performance.now()
  const { rows } = await database.query('select version, stage from longhaul.jobs where id = $1', [
    id,
  ])
  const [stored] = rows
  while (!shows(client.job(id).getSnapshot().job, stored)) {
    if (performance.now() - begun > patienceMs) return null
    await untilChanged(client.job(id), begun + patienceMs - performance.now())
  }
  return performance.now() - begun
}

function shows(shown, stored) {
  if (shown === undefined || shown.version < stored.version) return false
  return shown.version > stored.version || shown.stage === stored.stage
}

function untilChanged(observable, mostMs) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, mostMs)
    const unsubscribe = observable.subscribe(done)
    function done() {
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
  })
}
