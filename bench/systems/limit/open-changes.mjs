import { startChild } from '../../harness/child.mjs'
import { connect } from './connect.mjs'

/** The process that makes changes, for all that are told of them by a bare NOTIFY. */
export async function openChanges(context) {
  const client = await connect(context.database)
  await client.query(
    'create table states (id serial primary key, stage text) with (fillfactor = 50)',
  )
  await client.end()
  const changes = await startChild(new URL('live-changes.mjs', import.meta.url), context)
  return {
    settings: {},
    change: (load) => changes.ask({ ask: 'change', ...load }),
    stop: () => changes.ask({ ask: 'stop' }),
    close: () => changes.close(),
  }
}
