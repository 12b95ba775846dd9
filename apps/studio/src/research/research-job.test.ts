import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Job, Principal } from 'longhaul'
import { createLonghaul } from 'longhaul/server'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createModelAnswerer } from './answer/model-answerer.js'
import { offlineAnswerer } from './answer/offline-answerer.js'
import type { Answerer } from './answer/answerer.js'
import type { FoundNote, Library } from './library.js'
import { createResearch } from './research-job.js'

const ada: Principal = { tenantId: 'acme', userId: 'ada', roles: [] }
const note = (title: string, text: string): FoundNote => ({
  noteId: title,
  title,
  excerpt: [{ text, isMatch: false }],
  sentences: [{ text, rank: 1 }],
})
const notes = [note('Tablets', 'They last six hours.'), note('Radios', 'They last a day.')]

let server: TestDatabase
beforeAll(async () => {
  server = await startTestDatabase()
})
afterAll(() => server.stop())

/** An API that answers with these words, one after the other; without any it is out of order. */
async function modelThatSays(words: readonly string[]): Promise<Answerer> {
  const api = createServer((_, response) => {
    if (words.length === 0) {
      response.writeHead(503).end('{}')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const content of words) {
      const chunk = { id: '1', choices: [{ index: 0, delta: { content } }] }
      response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    }
    const end = { id: '1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
    response.end(`data: ${JSON.stringify(end)}\n\ndata: [DONE]\n\n`)
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  onTestFinished(() => void api.close())
  const { port } = api.address() as AddressInfo
  return createModelAnswerer({ url: `http://127.0.0.1:${port}/v1`, model: 'tiny', key: undefined })
}

async function ask(answerer: Answerer, library: Library): Promise<{ job: Job; shown: unknown }> {
  const app = createLonghaul({
    jobs: [{ ...createResearch({ library, answerer }), attempts: 1 }],
    database: server.database,
    authenticate: () => ada,
  })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.work()
  const { id } = await app.jobs.enqueue(
    'ai_research',
    { question: 'How long?' },
    { principal: ada },
  )
  for (;;) {
    const job: Job = await app.jobs.get(ada, id)
    if (job.status !== 'completed' && job.status !== 'failed') {
      await new Promise((resolve) => setTimeout(resolve, 10))
      continue
    }
    const stream = await app.fetch(
      new Request(`http://localhost/api/longhaul/jobs/${id}/streams/output`),
    )
    return { job, shown: await stream.text() }
  }
}

describe('research', () => {
  it('asks only for the notes of the asker’s tenant, and cites those that it quotes', async () => {
    const asked: string[] = []
    const search: Library['search'] = async (tenantId) => {
      asked.push(tenantId)
      return notes
    }
    const { job, shown } = await ask(offlineAnswerer, { search })
    expect(asked).toEqual(['acme'])
    expect(job.result).toMatchObject({
      outcome: 'answered',
      answer: 'They last six hours. [1]\n\nThey last a day. [2]',
      sources: [
        { number: 1, title: 'Tablets' },
        { number: 2, title: 'Radios' },
      ],
      writer: { kind: 'offline' },
    })
    expect(shown).toContain('They last six hours. [1]')
  })

  it('asks no model when there is nothing to answer from', async () => {
    const { job } = await ask(await modelThatSays([]), { search: async () => [] })
    expect(job.result).toMatchObject({ outcome: 'nothing_found', answer: '', sources: [] })
  })

  it('shows the words of a model as they come, and lists the notes that these cite', async () => {
    const model = await modelThatSays(['A ', 'day ', '[2].'])
    const { job, shown } = await ask(model, { search: async () => notes })
    expect(job.result).toMatchObject({
      answer: 'A day [2].',
      sources: [{ number: 2, title: 'Radios' }],
      writer: { kind: 'model', model: 'tiny' },
    })
    expect(shown).toContain('day ')
  })

  it('says what to check when the model cannot be asked', async () => {
    const { job } = await ask(await modelThatSays([]), { search: async () => notes })
    expect(job.error).toMatchObject({ code: 'model_unavailable' })
    expect(job.error?.message).toContain('STUDIO_MODEL_URL')
  })
})
