import { describe, expect, it } from 'vitest'
import { clientOf } from '../../test/client.js'
import { testJob } from '../../test/engine.js'
import { testApi } from '../../test/http.js'
import { answerStream } from './answer-stream.js'

describe('an answer', () => {
  it('ends with the reason when its job is deleted just as it ends', async () => {
    const api = await testApi([testJob('talk', ({ stream }) => stream.write({ type: 'start' }))])
    await api.engine.startWorker()
    const client = clientOf(api)
    const { id } = await client.jobs.create('talk' as never, {} as never)
    const deletedAtTheEnd: typeof client = {
      ...client,
      async *readStream(...args) {
        yield* client.readStream(...args)
        await client.jobs.delete(id)
      },
    }
    const chunks = []
    const answer = answerStream({ client: deletedAtTheEnd, id, signal: undefined })
    for await (const chunk of answer as unknown as AsyncIterable<unknown>) chunks.push(chunk)
    expect(chunks).toEqual([
      { type: 'data-job', data: { jobId: id }, transient: true },
      { type: 'start' },
      { type: 'error', errorText: expect.stringContaining('deleted just as its answer ended') },
    ])
  })
})
