import pg from 'pg'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPool } from '../auth/open-pool.js'
import { createNoteStore } from './note-store.js'
import { prepareNotes } from './prepare-notes.js'
import { createLibrary } from './search-notes.js'

let database: TestDatabase
let pool: pg.Pool
beforeAll(async () => {
  database = await startTestDatabase()
  pool = openPool(database.database)
  // As the sign-in leaves it.
  await pool.query(`
    create schema auth;
    create table auth.organization (id text primary key, slug text not null);
    insert into auth.organization values ('a', 'acme'), ('g', 'globex')`)
  await Promise.all([prepareNotes(pool), prepareNotes(pool)])
  await createNoteStore(pool).create('a', 'Eve', {
    title: `Quotes ' and "marks`,
    body: "It's 100% <script>alert(1)</script> of \\ the [1] zebras. Robert'); drop table notes;--",
  })
})
afterAll(async () => {
  await pool.end()
  await database.stop()
})

const titlesOf = async (question: string, tenant = 'a'): Promise<string[]> =>
  (await createLibrary(pool).search(tenant, question)).map(({ title }) => title)

describe('the search in the notes', () => {
  it('finds by stems, the note first that has all words, and marks where', async () => {
    const [first, ...others] = await createLibrary(pool).search('a', 'Which batteries last hours?')
    expect(first).toMatchObject({ title: 'Battery life of the field tablets' })
    expect(first!.excerpt.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toContain(
      'battery',
    )
    expect(first!.sentences[0]!.text).toContain('lasted six hours instead of nine.')
    expect(others.length).toBeLessThan(6)
  })

  it('keeps words together in quotation marks, and leaves out what has a minus', async () => {
    expect(await titlesOf('"field tablets"')).toEqual(['Battery life of the field tablets'])
    expect(await titlesOf('"tablets field"')).toEqual([])
    expect(await titlesOf('price -discount')).not.toContain(
      'Pricing: what customers said in October',
    )
    expect(await titlesOf('price -discount')).toContain('Supplier call: map data')
  })

  it('never finds a note of another tenant', async () => {
    expect(await titlesOf('reactor')).toEqual([])
    expect(await titlesOf('reactor', 'g')).toEqual(['Reactor test: protocol of the second run'])
    expect(await titlesOf('battery', "a' or 'a' = 'a")).toEqual([])
  })

  it('takes every question for words and never for a command', async () => {
    for (const question of [
      `'; truncate studio; --`,
      `zebra' & | ! ( ) <-> :* \\`,
      'zebra\u0002 \u0003',
      '!!! ??? &&& |||',
      'the of and',
      'https://example.com/?a=1&b=2 zebra',
    ]) {
      const found = await titlesOf(question)
      expect(found.length, question).toBe(question.includes('zebra') ? 1 : 0)
    }
    expect(await titlesOf('zebra')).toHaveLength(1)
  })
})

describe('the notes of an organisation', () => {
  it('are made, changed and deleted by nobody from another one', async () => {
    const store = createNoteStore(pool)
    const draft = { title: 'Mine', body: 'Nobody else’s.' }
    const { id } = await store.create('g', 'Grace', draft)
    expect(await store.update('a', id, { ...draft, title: 'Yours' })).toBeUndefined()
    expect(await store.remove('a', id)).toBe(false)
    expect((await store.list('a')).map((note) => note.id)).not.toContain(id)
    expect(await store.update('g', id, { ...draft, title: 'Still mine' })).toMatchObject({ id })
    expect(await store.remove('g', id)).toBe(true)
    expect(await store.remove('g', id)).toBe(false)
  })
})
