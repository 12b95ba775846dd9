import { startChild } from '../../harness/child.mjs'
import { rest } from '../../harness/clock.mjs'

const file = new URL('../../harness/token-readers.mjs', import.meta.url)
const everyMs = 20
const readersOfEach = 5
const mostMs = 30_000

function tokens({ name, cuts }) {
  return {
    name,
    kind: 'tokens',
    isHeadline: true,
    count: 200,
    least: 4,
    async measure({ system, count: streams, seconds }) {
      const each = Math.round((seconds * 1000) / everyMs)
      const readers = await startChild(file, {})
      const { port, read } = system
      const count = streams * readersOfEach
      const ids = await system.talk({ streams, tokens: each, everyMs })
      await readers.ask({ ask: 'read', count, ids, read, port })
      const begun = performance.now()
      const toCut = Math.round((cuts * streams) / 200)
      for (let cut = 0; cut < toCut; cut += 1) {
        await rest((seconds * 1000) / toCut)
        await readers.ask({ ask: 'cut', count: 1 })
      }
      while (performance.now() - begun < seconds * 1000 + mostMs) {
        if ((await readers.ask({ ask: 'missing', tokens: each })) === 0) break
        await rest(100)
      }
      const missing = await readers.ask({ ask: 'missing', tokens: each })
      const result = await readers.ask({ ask: 'result' })
      await readers.close()
      return { ...result, missing }
    },
  }
}

/**
 * 200 streams of 50 tokens a second, each with five readers: milliseconds from the worker's call to the reader, and
 * how many tokens were lost; once more while 500 connections are cut, one after the other.
 */
export const works = [
  tokens({ name: '200 streams of tokens, 1,000 readers', cuts: 0 }),
  tokens({ name: 'the same, 500 connections cut', cuts: 500 }),
]
