import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker'

export async function open({ database, settings }) {
  const { user, host, port, database: name } = database
  const connectionString = `postgres://${user}@${encodeURIComponent(host)}:${port}/${name}`
  const preset = {
    worker: { connectionString, logger: new Logger(() => () => {}), ...settings },
  }
  await runMigrations({ preset })
  const utils = await makeWorkerUtils({ preset })
  let runner
  return {
    settings,
    enqueue: (input) => utils.addJob('noop', input),
    bulk: (inputs) => utils.addJobs(inputs.map((payload) => ({ identifier: 'noop', payload }))),
    async work(handle) {
      runner = await run({
        preset,
        taskList: { noop: async (input) => handle(input) },
        noHandleSignals: true,
      })
    },
    pending: (meter) => meter.count('select count(*) as n from graphile_worker._private_jobs'),
    async close() {
      await runner?.stop()
      await utils.release()
    },
  }
}
