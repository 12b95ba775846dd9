import { Queue, Worker } from 'bullmq'

const name = 'jobs'

/** `run` is the processor of a job. */
export async function openQueue({ redis, settings }, run) {
  const connection = { ...redis, maxRetriesPerRequest: null }
  const queue = new Queue(name, { connection })
  await queue.waitUntilReady()
  let worker
  return {
    queue,
    connection,
    settings,
    enqueue: (input) => queue.add('job', input, settings.job),
    bulk: (inputs) =>
      queue.addBulk(inputs.map((data) => ({ name: 'job', data, opts: settings.job }))),
    async work(handle) {
      worker = new Worker(name, (job) => run(job, handle), { connection, ...settings.worker })
      worker.on('error', (error) => console.error(`BullMQ: ${error.message}`))
      await worker.waitUntilReady()
    },
    async pending() {
      const { waiting, active, delayed } = await queue.getJobCounts('waiting', 'active', 'delayed')
      return waiting + active + delayed
    },
    async close() {
      await worker?.close(true)
      await queue.close()
    },
  }
}
