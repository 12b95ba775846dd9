// Readers of token streams. Each knows which token comes next, so that none is lost or told twice unnoticed;
// one whose connection is cut comes back with its place.
import { request } from 'node:http'
import { answerQuestions } from './answer.mjs'
import { rest, wallMs } from './clock.mjs'
import { waits } from './quantiles.mjs'
import { tokensIn } from './tokens.mjs'

const readers = []
const delays = []
let lost = 0
let repeated = 0

answerQuestions(
  {},
  {
    async read({ count, ids, read, port }) {
      for (let n = 0; n < count; n += 1) {
        const path = read.path.replace('{id}', ids[n % ids.length])
        readers.push({ ...read, path, port, next: 1, place: undefined, rest: '' })
      }
      await Promise.all(readers.map(open))
    },
    cut({ count }) {
      for (let n = 0; n < count; n += 1) {
        readers[Math.floor(Math.random() * readers.length)].request.destroy()
      }
    },
    /** How many tokens have not come yet, of so many in each stream. */
    missing: ({ tokens }) => readers.reduce((sum, { next }) => sum + tokens + 1 - next, 0),
    result: () => ({ ...waits(delays), lost, repeated }),
  },
)

/** Resolves once an answer has begun; whenever it ends the reader comes back by itself. */
function open(reader) {
  return new Promise((resolve) => connect(reader, resolve))
}

function connect(reader, onAnswer) {
  const { port, path, headers, resumeHeader, place } = reader
  const from = place === undefined ? {} : { [resumeHeader]: place }
  if (resumeHeader === 'last-event-id') reader.rest = '' // what was cut off there comes again
  const asked = request(
    { port, path, host: '127.0.0.1', agent: false, headers: { ...headers, ...from } },
    (response) => {
      reader.since ??= wallMs() // what was said before is no delay
      onAnswer()
      response.on('data', (data) => take(reader, data.toString()))
      response.on('error', () => undefined)
    },
  )
  asked.on('error', () => undefined)
  asked.once('close', () => void rest(50 * Math.random()).then(() => connect(reader, onAnswer)))
  asked.end()
  reader.request = asked
}

function take(reader, text) {
  reader.rest += text
  if (reader.resumeHeader === 'last-event-id') takeEvents(reader)
  else takeText(reader, text)
}

function takeEvents(reader) {
  const end = reader.rest.lastIndexOf('\n\n')
  if (end === -1) return
  const whole = reader.rest.slice(0, end)
  reader.rest = reader.rest.slice(end + 2)
  note(reader, tokensIn(whole))
  const ids = [...whole.matchAll(/^id: ?(.+)$/gm)]
  reader.place = ids.at(-1)?.[1] ?? reader.place
}

function takeText(reader, text) {
  reader.place = (reader.place ?? 0) + text.length
  const end = reader.rest.lastIndexOf('>') + 1
  note(reader, tokensIn(reader.rest.slice(0, end)))
  reader.rest = reader.rest.slice(end)
}

function note(reader, tokens) {
  const now = wallMs()
  for (const [n, madeAt] of tokens) {
    if (n < reader.next) repeated += 1
    else {
      lost += n - reader.next
      reader.next = n + 1
      if (madeAt >= reader.since) delays.push(now - madeAt)
    }
  }
}
