import { expect, it, onTestFinished } from 'vitest'
import { between } from '../../test/between.js'
import { testDatabase } from '../../test/database.js'
import { openPgDatabase } from './pg.js'
import { sql } from './sql.js'

it('gives the place of a connection back that broke while it was prepared', async () => {
  const { connection } = await testDatabase()
  let isBroken = true
  const place = await between(connection, (said) =>
    isBroken && said.includes('synchronous_commit') ? 'is cut off' : 'passes',
  )
  const db = openPgDatabase({
    connection: { ...connection, ...place },
    applicationName: 'test',
    maxConnections: 2,
    synchronousCommit: 'on',
    prepare: true,
  })
  onTestFinished(() => db.close())
  const one = (): Promise<readonly unknown[]> => db.run(sql`select 1 as one`)
  for (let n = 0; n < 3; n += 1) {
    await expect(one()).rejects.toMatchObject({ code: 'database_unavailable' })
  }

  isBroken = false

  expect(await one()).toEqual([{ one: 1 }])
})
