import pg from 'pg'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../../demo/demo-users.js'
import { startStudio, type Studio } from '../start-studio.js'

let database: TestDatabase
let studio: Studio
let pool: pg.Pool
beforeAll(async () => {
  const { database: connection } = (database = await startTestDatabase())
  studio = await startStudio({
    port: 0,
    dataDirectory: 'unused',
    database: connection,
  })
  pool = new pg.Pool(connection)
})
afterAll(async () => {
  await pool.end()
  await studio.stop()
  await database.stop()
})

type Headers = Record<string, string>

async function call(path: string, headers: Headers, body?: unknown) {
  const response = await fetch(studio.url + path, {
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as unknown,
  }
}

async function signIn(email: string): Promise<Headers> {
  const { headers } = await call('/api/auth/sign-in/email', {}, { email, password: demoPassword })
  return { authorization: `Bearer ${headers.get('set-auth-token')}` }
}

function question(chatId: string, text: string, id = crypto.randomUUID()) {
  const messages = [{ id: `m-${id}`, role: 'user', parts: [{ type: 'text', text }] }]
  return { request: { chatId, messages }, options: { id, tags: [] } }
}

interface Read {
  readonly messages: { role: string; jobId: string; parts: { type: string; text?: string }[] }[]
}

/** Asks, and follows the job to its end. */
async function answered(headers: Headers, chatId: string, text: string): Promise<string> {
  const asked = await call('/api/chat/questions', headers, question(chatId, text))
  expect(asked.status).toBe(201)
  const { id } = asked.json as { id: string }
  await completed(headers, id)
  return id
}

async function completed(headers: Headers, id: string): Promise<void> {
  const watch = await fetch(`${studio.url}/api/longhaul/watch?job=${id}`, { headers })
  let seen = ''
  for await (const bytes of watch.body as unknown as AsyncIterable<Uint8Array>) {
    seen += Buffer.from(bytes).toString()
    if (seen.includes('"status":"completed"')) break
  }
}

async function gone(headers: Headers, id: string): Promise<void> {
  const status = async () => (await call(`/api/longhaul/jobs/${id}`, headers)).status
  await expect.poll(status).toBe(404)
}

describe('a conversation', { timeout: 60_000 }, () => {
  it('has the question and the answer when the job is complete, in order', async () => {
    const ada = await signIn('ada@acme.example')
    const first = await answered(ada, 'talk-1', 'Hello')
    const second = await answered(ada, 'talk-1', 'How are my trips?')
    const { messages } = (await call('/api/chat/conversations/talk-1', ada)).json as Read
    expect(messages.map(({ role, jobId }) => [role, jobId])).toEqual([
      ['user', first],
      ['assistant', first],
      ['user', second],
      ['assistant', second],
    ])
    expect(messages[3]!.parts.at(-1)!.text).toContain('no trips yet')
    const list = await call('/api/chat/conversations', ada)
    expect(list.json).toMatchObject({ conversations: [{ id: 'talk-1', title: 'Hello' }] })
  })

  it('is its owner’s: for others the same id is another, empty one', async () => {
    const [ada, grace] = [await signIn('ada@acme.example'), await signIn('grace@globex.example')]
    await answered(ada, 'talk-2', 'Hello')
    const asGrace = await call('/api/chat/conversations/talk-2', grace)
    expect(asGrace.json).toMatchObject({ messages: [] })
    await answered(grace, 'talk-2', 'Hello')
    const asAda = await call('/api/chat/conversations/talk-2', ada)
    expect((asAda.json as Read).messages).toHaveLength(2)
    expect((await call('/api/chat/conversations', {})).status).toBe(401)
  })

  it('keeps no question without its job', async () => {
    const ada = await signIn('ada@acme.example')
    const wrong = question('talk-3', 'Hello')
    const refused = await call('/api/chat/questions', ada, {
      ...wrong,
      options: { ...wrong.options, tags: ['No Tag'] },
    })
    expect(refused.status).toBe(422)
    const read = await call('/api/chat/conversations/talk-3', ada)
    expect(read.json).toMatchObject({ messages: [] })
    expect((await call('/api/chat/questions', ada, { request: {} })).status).toBe(422)
  })

  it('has one answer to a question that is sent twice, and leaves no job of it behind', async () => {
    const ada = await signIn('ada@acme.example')
    const first = question('talk-5', 'Hello')
    const second = { ...first, options: { ...first.options, id: crypto.randomUUID() } }
    for (const { options } of [first, second, second]) {
      const asked = await call('/api/chat/questions', ada, { ...first, options })
      expect([asked.status, asked.json]).toEqual([201, { id: options.id }])
    }
    await completed(ada, second.options.id)
    const { messages } = (await call('/api/chat/conversations/talk-5', ada)).json as Read
    expect(messages.map(({ role, jobId }) => [role, jobId])).toEqual([
      ['user', second.options.id],
      ['assistant', second.options.id],
    ])
    const late = await call('/api/chat/questions', ada, second)
    expect([late.status, late.json]).toEqual([201, { id: second.options.id }])
    await gone(ada, first.options.id)
  })

  it('is answered also while the job of before cannot be deleted yet', async () => {
    const ada = await signIn('ada@acme.example')
    const first = question('talk-8', 'Hello')
    await call('/api/chat/questions', ada, first)
    await completed(ada, first.options.id)
    const busy = await pool.connect()
    await busy.query('begin')
    await busy.query('select from longhaul.jobs where id = $1 for update', [first.options.id])
    const second = { ...first, options: { ...first.options, id: crypto.randomUUID() } }
    try {
      expect((await call('/api/chat/questions', ada, second)).status).toBe(201)
    } finally {
      await busy.query('commit')
      busy.release()
    }
    await completed(ada, second.options.id)
    await gone(ada, first.options.id)
  })

  it.each([
    ['U+0000', 'a\u0000b'],
    ['half of a surrogate pair', 'a\ud83d'],
  ])('refuses a question with %s', async (_what, text) => {
    const ada = await signIn('ada@acme.example')
    expect((await call('/api/chat/questions', ada, question('talk-6', text))).status).toBe(422)
  })

  it('has no address that is no id, and no title that ends within a character', async () => {
    const ada = await signIn('ada@acme.example')
    for (const method of ['GET', 'DELETE']) {
      const address = `${studio.url}/api/chat/conversations/%00`
      expect((await fetch(address, { method, headers: ada })).status).toBe(404)
    }
    await call('/api/chat/questions', ada, question('talk-7', `${'x'.repeat(79)}😀 and so on`))
    const { conversations } = (await call('/api/chat/conversations', ada)).json as {
      conversations: { id: string; title: string }[]
    }
    expect(conversations.find(({ id }) => id === 'talk-7')?.title).toBe(`${'x'.repeat(79)}😀`)
  })

  it('is deleted by its owner alone, with the jobs of its answers', async () => {
    const [ada, grace] = [await signIn('ada@acme.example'), await signIn('grace@globex.example')]
    const jobId = await answered(ada, 'talk-4', 'Hello')
    const remove = async (headers: Headers): Promise<number> =>
      (await fetch(`${studio.url}/api/chat/conversations/talk-4`, { method: 'DELETE', headers }))
        .status
    const read = async () =>
      ((await call('/api/chat/conversations/talk-4', ada)).json as Read).messages
    expect(await remove(grace)).toBe(204)
    expect(await read()).toHaveLength(2)
    expect(await remove({})).toBe(401)
    expect(await remove(ada)).toBe(204)
    expect(await read()).toEqual([])
    expect((await call(`/api/longhaul/jobs/${jobId}`, ada)).status).toBe(404)
    expect(await remove(ada)).toBe(204)
  })
})
