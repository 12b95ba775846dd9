import { migrate as runMigrations } from '../../postgres/index.js'
import type { Command } from '../command.js'

export const migrate: Command = {
  name: 'migrate',
  usage: 'migrate              Bring the schema up to date',
  async run({ db, print }) {
    const ran = await runMigrations(db)
    for (const name of ran) print(`ran ${name}`)
    if (ran.length === 0) print('the schema is up to date')
    return 0
  },
}
