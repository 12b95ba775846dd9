import pg from 'pg'
import { startChild } from '../../harness/child.mjs'
import { open as openLive } from './live.mjs'

const endListening = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'longhaul-hints'`

/** The nodes and the worker of `live`, the client as it ships, and the connections on which hints come. */
export async function open(context) {
  const live = await openLive(context)
  const client = new pg.Client(context.database)
  await client.connect()
  return {
    ...live,
    startWatchers: () => startChild(new URL('watchers.mjs', import.meta.url), context),
    loseHints: () => client.query(endListening),
    async close() {
      await client.end()
      await live.close()
    },
  }
}
