import pg from 'pg'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword } from '../../../demo/demo-users.js'
import { startStudio, type Studio } from '../../start-studio.js'

let database: TestDatabase
let studio: Studio
let pool: pg.Pool
let ada: Headers_
let grace: Headers_
beforeAll(async () => {
  const { database: connection } = (database = await startTestDatabase())
  studio = await startStudio({ port: 0, dataDirectory: 'unused', database: connection })
  pool = new pg.Pool(connection)
  ada = await signIn('ada@acme.example')
  grace = await signIn('grace@globex.example')
})
afterAll(async () => {
  await pool.end()
  await studio.stop()
  await database.stop()
})

type Headers_ = Readonly<Record<string, string>>

/** 2 by 3 pixels. */
const png = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000020000000308060000007a3f9d3c0000000049454e44ae426082',
  'hex',
)

async function signIn(email: string): Promise<Headers_> {
  const response = await fetch(`${studio.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: demoPassword }),
  })
  return { authorization: `Bearer ${response.headers.get('set-auth-token')}` }
}

function urlOf(id: string): string {
  return `/api/chat/attachments/${id}`
}

async function attach(
  headers: Headers_,
  data: string | Buffer,
  { id = crypto.randomUUID(), name = 'notes.txt' } = {},
) {
  const response = await fetch(`${studio.url}${urlOf(id)}?name=${encodeURIComponent(name)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body: new Uint8Array(Buffer.from(data)),
  })
  return { id, status: response.status, json: (await response.json()) as { message?: string } }
}

function read(headers: Headers_, id: string): Promise<Response> {
  return fetch(studio.url + urlOf(id), { headers })
}

function remove(headers: Headers_, path: string): Promise<Response> {
  return fetch(studio.url + path, { method: 'DELETE', headers })
}

async function askAbout(headers: Headers_, chatId: string, text: string, ids: readonly string[]) {
  const id = crypto.randomUUID()
  const files = ids.map((each) => ({ type: 'file', mediaType: 'made/up', url: urlOf(each) }))
  const parts = [...files, { type: 'text', text }]
  const request = { chatId, messages: [{ id: `m-${id}`, role: 'user', parts }] }
  const response = await fetch(`${studio.url}/api/chat/questions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ request, options: { id, tags: [] } }),
  })
  return { id, status: response.status, json: (await response.json()) as { message?: string } }
}

interface Conversation {
  readonly title: string
  readonly messages: { role: string; parts: Record<string, string>[] }[]
}

async function conversation(headers: Headers_, id: string): Promise<Conversation> {
  const response = await fetch(`${studio.url}/api/chat/conversations/${id}`, { headers })
  return (await response.json()) as Conversation
}

/** What is answered when the job is complete. */
async function answerOf(headers: Headers_, chatId: string, jobId: string): Promise<string> {
  const watch = await fetch(`${studio.url}/api/longhaul/watch?job=${jobId}`, { headers })
  let seen = ''
  for await (const bytes of watch.body as unknown as AsyncIterable<Uint8Array>) {
    seen += Buffer.from(bytes).toString()
    if (/"status":"(?:completed|failed)"/.test(seen)) break
  }
  const { messages } = await conversation(headers, chatId)
  return messages.at(-1)!.parts.at(-1)!['text']!
}

describe('an attachment', { timeout: 60_000 }, () => {
  it('is read by whoever answers, is kept with its question, and goes with the conversation', async () => {
    const notes = await attach(ada, 'We met in May.\nThe hotel costs 90 euros.\nIt rained.')
    const image = await attach(ada, png, { name: 'beach.png' })
    expect(image.json).toMatchObject({ mediaType: 'image/png', width: 2, height: 3 })
    const asked = await askAbout(ada, 'files-1', 'What does the hotel cost?', [notes.id, image.id])
    expect(asked.status).toBe(201)
    const answer = await answerOf(ada, 'files-1', asked.id)
    expect(answer).toContain('notes.txt says:\n– “The hotel costs 90 euros.” (line 2)')
    expect(answer).toContain('beach.png is a PNG image of 2 × 3 pixels')

    const { messages } = await conversation(ada, 'files-1')
    expect(messages[0]!.parts).toEqual([
      { type: 'file', mediaType: 'text/plain', filename: 'notes.txt', url: urlOf(notes.id) },
      { type: 'file', mediaType: 'image/png', filename: 'beach.png', url: urlOf(image.id) },
      { type: 'text', text: 'What does the hotel cost?' },
    ])
    const later = await askAbout(ada, 'files-1', 'And when did we meet?', [])
    expect(await answerOf(ada, 'files-1', later.id)).toContain('“We met in May.” (line 1)')

    await remove(ada, '/api/chat/conversations/files-1')
    expect((await read(ada, notes.id)).status).toBe(404)
    const { rows } = await pool.query('select from studio.attachments')
    expect(rows).toEqual([])
  })

  it('is sent without a word too, and its name is the title then', async () => {
    const { id } = await attach(ada, 'One line.', { name: 'C:\\plans\\Été\u0007.md' })
    const asked = await askAbout(ada, 'files-2', '', [id])
    expect(await answerOf(ada, 'files-2', asked.id)).toContain('Été.md has 1 line and 2 words.')
    expect((await conversation(ada, 'files-2')).title).toBe('Été.md')
    expect((await askAbout(ada, 'files-2', '  ', [])).status).toBe(422)
  })

  it('is its owner’s alone, and not in a question of somebody else', async () => {
    const { id } = await attach(ada, 'secret plans')
    expect((await read(ada, id)).status).toBe(200)
    expect((await read(grace, id)).status).toBe(404)
    expect((await read({}, id)).status).toBe(401)
    expect((await attach({}, 'text')).status).toBe(401)
    expect((await remove(grace, urlOf(id))).status).toBe(204)
    expect((await read(ada, id)).status).toBe(200)
    const stolen = await askAbout(grace, 'files-3', 'What is in it?', [id])
    expect(stolen).toMatchObject({
      status: 422,
      json: { message: expect.stringMatching(/not there any more/) },
    })
    expect((await conversation(grace, 'files-3')).messages).toEqual([])
    const twice = await askAbout(ada, 'files-3', 'What is in it?', [id, id])
    expect(twice.status).toBe(422)
  })

  it('belongs to one message; before it is sent it can be removed, and afterwards not', async () => {
    const { id } = await attach(ada, 'text')
    expect((await askAbout(ada, 'files-4', 'first', [id])).status).toBe(201)
    expect((await askAbout(ada, 'files-4', 'second', [id])).status).toBe(422)
    expect((await remove(ada, urlOf(id))).status).toBe(204)
    expect((await read(ada, id)).status).toBe(200)
    const unsent = await attach(ada, 'text')
    await remove(ada, urlOf(unsent.id))
    expect((await read(ada, unsent.id)).status).toBe(404)
  })

  it('runs nothing and is taken for nothing else when it is served', async () => {
    const markup = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    const { id } = await attach(ada, markup, { name: 'it’s (a) "picture".svg' })
    const { headers } = await read(ada, id)
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(headers.get('content-disposition')).toBe(
      "attachment; filename*=UTF-8''it%E2%80%99s%20%28a%29%20%22picture%22.svg",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['nothing', '', 422, /empty/],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), 415, /neither text nor/],
    ['an image that is not whole', png.subarray(0, 20), 415, /neither text nor/],
    ['too much text', 'a'.repeat(200_001), 413, /too large/],
    ['too large an image', Buffer.concat([png, Buffer.alloc(4_000_000)]), 413, /too large/],
  ])('that is %s is refused in plain words', async (_, data, status, message) => {
    const refused = await attach(ada, data)
    expect(refused).toMatchObject({ status, json: { message: expect.stringMatching(message) } })
    expect((await read(ada, refused.id)).status).toBe(404)
  })

  it('is one of five at most', async () => {
    const six = await Promise.all(Array.from({ length: 6 }, (_, n) => attach(ada, `file ${n}`)))
    const ids = six.map(({ id }) => id)
    const refused = await askAbout(ada, 'files-5', 'Read them', ids)
    expect(refused).toMatchObject({
      status: 422,
      json: { message: expect.stringMatching(/at most 5/) },
    })
    expect((await askAbout(ada, 'files-5', 'Read them', ids.slice(1))).status).toBe(201)
  })

  it('is kept for a day when it is not sent, and only while there is room', async () => {
    const { id } = await attach(ada, 'forgotten')
    await pool.query(
      `update studio.attachments set created_at = now() - interval '25 hours' where id = $1`,
      [id],
    )
    await attach(ada, 'another')
    expect((await read(ada, id)).status).toBe(404)
    await pool.query(
      `insert into studio.attachments (tenant_id, owner_id, id, name, media_type, data)
       select tenant_id, owner_id, gen_random_uuid(), 'large', 'text/plain', decode(repeat('00', 99999000), 'hex')
       from studio.attachments limit 1`,
    )
    const refused = await attach(ada, 'a'.repeat(2000))
    expect(refused).toMatchObject({
      status: 409,
      json: { message: expect.stringMatching(/no room/) },
    })
  })
})
