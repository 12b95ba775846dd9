import { expect, it } from 'vitest'
import { testDatabase } from '../../test/database.js'
import { ofPgClient } from './pg.js'
import { sql } from './sql.js'
import { type AnswerRow, throughText } from './through-text.js'

it('comes to the same as a client of pg, whatever the values are', async () => {
  const db = await testDatabase()
  const client = await db.connect()
  await client.query(`set time zone 'Asia/Kathmandu'`)
  const other = throughText(
    async (statement, pieces) => (await client.query<AnswerRow>(statement, [pieces])).rows,
  )
  for (const text of [`O'Hara`, '\\', `\\'; drop table longhaul.jobs; --`, '$1', '"}', 'Zoë 🦆']) {
    const query = sql`
      with made as (insert into longhaul.lanes (queue, tenant_id, key) values ('q', 't', ${text.slice(0, 8)}) returning key)
      select key, ${text} as some_text, ${null}::text as none, ${1.5} * interval '1 ms' > interval '0' as positive,
             ${[text, 'b,c', null]}::text[] as list, ${[]}::text[] as empty, ${JSON.stringify({ a_b: text })}::jsonb as object,
             'null'::jsonb as json_null, ${true} as is_true, '2026-11-22 09:30:00.5+01'::timestamptz(3) as run_at
      from made`
    const through = await other.run(query)
    await client.query('delete from longhaul.lanes')
    expect(through).toEqual(await ofPgClient(client).run(query))
    await client.query('delete from longhaul.lanes')
  }
})

it('may be used by the engine, and by nobody who may only read', async () => {
  const client = await (await testDatabase()).connect()
  const read = (): Promise<unknown> =>
    client.query('select longhaul.run_statement($1) as answer', ['["select 1 as one"]'])
  await client.query('set role longhaul_engine')
  expect(await read()).toMatchObject({ rows: [{ answer: '{"one":1}' }] })
  await client.query('set role longhaul_reader')
  await expect(read()).rejects.toMatchObject({ code: '42501' })
})
