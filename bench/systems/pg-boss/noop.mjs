import { PgBoss } from 'pg-boss'

const queue = 'noop'

export async function open({ database, settings }) {
  const { useListenNotify = false, worker = {} } = settings
  const boss = new PgBoss({ ...database, max: 10, useListenNotify })
  boss.on('error', (error) => console.error(`pg-boss: ${error.message}`))
  await boss.start()
  await boss.createQueue(queue, { notify: useListenNotify })
  return {
    settings,
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
    pending: (meter) =>
      meter.count(`select count(*) as n from pgboss.job where state < 'completed'`),
    close: () => boss.stop({ graceful: false }),
  }
}
