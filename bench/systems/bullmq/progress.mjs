import { setTimeout as delay } from 'node:timers/promises'
import { QueueEvents } from 'bullmq'
import { wallMs } from '../../harness/clock.mjs'
import { openQueue } from './open-queue.mjs'

/** Each report is awaited, as its documentation does: what is not awaited is not ordered. */
export async function open(context) {
  const queue = await openQueue(context, async (job, handle) => {
    for (let n = 1; n <= job.data.reports; n += 1) {
      const sent = wallMs()
      await job.updateProgress({ percent: (100 * n) / job.data.reports, at: sent })
      await delay(Math.max(0, job.data.everyMs - (wallMs() - sent)))
    }
    handle(job.data)
  })
  return {
    ...queue,
    async watch(onSeen) {
      const events = new QueueEvents(queue.queue.name, { connection: queue.connection })
      await events.waitUntilReady()
      events.on('progress', ({ data }) => onSeen(data.at))
      return () => events.close()
    },
  }
}
