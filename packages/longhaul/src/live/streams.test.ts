import { expect, it, onTestFinished } from 'vitest'
import { ada } from '../../test/database.js'
import { deferred, testEngine, testJob } from '../../test/engine.js'
import { apiOf } from '../../test/http.js'
import type { Database } from '../postgres/index.js'
import type { EncodedFrame } from '../protocol/index.js'
import type { Subscription } from './index.js'

/** The next frame with this text that the subscription is sent. */
function nextWith({ reader }: Subscription, text: string): Promise<EncodedFrame> {
  const sent = deferred<EncodedFrame>()
  reader.listen(() => {
    const frame = reader.take().find(({ json }) => json.includes(text))
    if (frame !== undefined) sent.resolve(frame)
  })
  return sent.promise
}

it('a stream that cannot be read keeps nobody from the others, and comes when it can be read', async () => {
  const [begin, end] = [deferred(), deferred()]
  const engine = await testEngine([
    testJob('talk', async ({ stream }) => {
      stream('broken').write('first of broken')
      stream.write('first')
      await begin.promise
      stream.write('second')
      await end.promise
    }),
  ])
  onTestFinished(() => [begin, end].forEach(({ resolve }) => resolve()))
  let isBroken = true
  const db: Database = {
    async run(query) {
      if (isBroken && JSON.stringify(query.values).includes('broken'))
        throw new Error('What is stored there cannot be read.')
      return engine.db.run(query)
    },
  }
  const { hub } = apiOf(engine, {}, { db })
  await engine.startWorker()
  const id = await engine.enqueue('talk')
  const watches = ['broken', 'output'].map((stream) => ({ job: id, stream }))
  const subscription = await hub.watch(ada, { watches })
  onTestFinished(() => subscription.close())

  expect(await nextWith(subscription, '"first"')).toMatchObject({ event: 'chunk' })
  begin.resolve()
  expect(await nextWith(subscription, '"second"')).toMatchObject({ event: 'chunk' })
  isBroken = false
  expect(await nextWith(subscription, 'first of broken')).toMatchObject({ event: 'chunk' })
})
