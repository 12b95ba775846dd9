import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk'

const app = 'bench'

/** `run` is the body of a workflow, one of which is started for each job. */
export async function openWorkflows({ database, settings }, run) {
  const { user, host, port, database: name } = database
  const url = `postgresql://${user}@${encodeURIComponent(host)}:${port}/${name}`
  await DBOS.migrate(url)
  const client = await DBOSClient.create({ systemDatabaseUrl: url, applicationName: app })
  await client.registerQueue('jobs', { ...settings.queue, applicationName: app })
  let isLaunched = false
  const workflow = {
    queueName: 'jobs',
    workflowName: 'job',
    appVersion: app,
    applicationName: app,
  }
  return {
    settings,
    enqueue: (input) => client.enqueue(workflow, input),
    async work(handle) {
      DBOS.registerWorkflow((input) => run(input, handle), { name: 'job' })
      DBOS.setConfig({
        name: app,
        systemDatabaseUrl: url,
        applicationVersion: app,
        executorID: `worker-${process.pid}`,
        logLevel: 'error',
        ...settings.database,
      })
      await DBOS.launch()
      await DBOS.registerQueue('jobs', { ...settings.queue, onConflict: 'always_update' })
      isLaunched = true
    },
    pending: (meter) =>
      meter.count(
        `select count(*) as n from dbos.workflow_status where status in ('ENQUEUED', 'PENDING')`,
      ),
    async close() {
      if (isLaunched) await DBOS.shutdown()
      await client.destroy()
    },
  }
}
