import { createBatch } from './batch.mjs'
import { connect } from './connect.mjs'
import { openQueue } from './open-queue.mjs'

/** The steps of all jobs that run share their statements. */
export async function open(context) {
  const client = await connect(context.database)
  await client.query(
    'create table if not exists steps (job_id bigint, name text, result jsonb, primary key (job_id, name))',
  )
  const store = createBatch((steps) =>
    client.query({
      name: 'steps',
      text: 'insert into steps select * from unnest($1::bigint[], $2::text[], $3::jsonb[])',
      values: [
        steps.map(({ id }) => id),
        steps.map(({ name }) => name),
        steps.map(({ result }) => JSON.stringify(result)),
      ],
    }),
  )
  const queue = await openQueue(context, async ({ id, payload, handle }) => {
    for (const name of ['first', 'second', 'third']) await store({ id, name, result: payload.id })
    handle(payload)
  })
  return {
    ...queue,
    async close() {
      await queue.close()
      await client.end()
    },
  }
}
