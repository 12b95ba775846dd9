import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker'

const tuned = {
  concurrentJobs: 24,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
}

/** The settings of its own performance page. It deletes finished jobs and keeps no history. */
export async function open({ database }) {
  const { user, host, port, database: name } = database
  const connectionString = `postgres://${user}@${encodeURIComponent(host)}:${port}/${name}`
  const preset = {
    worker: { connectionString, maxPoolSize: 25, logger: new Logger(() => () => {}), ...tuned },
  }
  await runMigrations({ preset })
  const utils = await makeWorkerUtils({ preset })
  let runner
  return {
    settings: tuned,
    enqueue: (input) => utils.addJob('noop', input),
    bulk: (inputs) => utils.addJobs(inputs.map((payload) => ({ identifier: 'noop', payload }))),
    async work(handle) {
      runner = await run({
        preset,
        taskList: { noop: async (input) => handle(input) },
        noHandleSignals: true,
      })
    },
    pending: 'select count(*)::int as n from graphile_worker._private_jobs',
    async close() {
      await runner?.stop()
      await utils.release()
    },
  }
}
