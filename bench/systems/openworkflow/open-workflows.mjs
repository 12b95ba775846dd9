import { OpenWorkflow } from 'openworkflow'
import { BackendPostgres } from 'openworkflow/postgres'

/** `run` is the body of a workflow, one of which is started for each job. */
export async function openWorkflows({ database, settings }, run) {
  const { user, host, port, database: name } = database
  // Its driver takes a socket's directory from the environment only.
  Object.assign(process.env, { PGHOST: host, PGPORT: String(port), PGUSER: user })
  const backend = await BackendPostgres.connect(`postgresql:///${name}`, { runMigrations: true })
  const openworkflow = new OpenWorkflow({ backend })
  let worker
  return {
    settings,
    enqueue: (input) => openworkflow.runWorkflow({ name: 'job' }, input),
    async work(handle) {
      openworkflow.implementWorkflow({ name: 'job' }, (context) => run(context, handle))
      worker = openworkflow.newWorker(settings)
      await worker.start()
    },
    pending: (meter) =>
      meter.count(
        `select count(*) as n from openworkflow.workflow_runs where status in ('pending', 'running')`,
      ),
    async close() {
      await worker?.stop()
      await backend.stop()
    },
  }
}
