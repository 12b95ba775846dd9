import { PgBoss } from 'pg-boss'

const queue = 'noop'
const worker = {
  batchSize: 500,
  localConcurrency: 4,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 0.5,
}

/** Its published best: large batches, bursts, and NOTIFY. */
export async function open({ database }) {
  const boss = new PgBoss({ ...database, max: 10, useListenNotify: true })
  boss.on('error', (error) => console.error(`pg-boss: ${error.message}`))
  await boss.start()
  await boss.createQueue(queue, { notify: true })
  return {
    settings: { ...worker, useListenNotify: true },
    enqueue: (input) => boss.send(queue, input),
    bulk: (inputs) =>
      boss.insert(
        queue,
        inputs.map((data) => ({ data })),
      ),
    async work(handle) {
      await boss.work(queue, worker, async (jobs) => {
        for (const { data } of jobs) handle(data)
      })
    },
    pending: `select count(*)::int as n from pgboss.job where state < 'completed'`,
    close: () => boss.stop({ graceful: false }),
  }
}
