import { defineJob, type JobContext, type JobDefinition } from 'longhaul'
import { type AiProxyRequest, aiProxyRequest, aiProxyResult } from './ai-proxy.js'
import type { Desk, Owner } from './desk.js'
import { intentOf } from './intent-of.js'
import { prioritise } from './prioritise.js'
import { composeGoal } from './smart-goal.js'

interface Asked {
  readonly desk: Desk
  readonly job: JobContext<AiProxyRequest>
  readonly owner: Owner
  readonly today: string
}

/** Does what one sentence asks for: makes a goal of it, or puts one's tasks in order. */
export function createAiProxy(
  /** Asked for by each job, because no database is open yet when jobs are defined. */
  openDesk: () => Desk,
): JobDefinition<'ai_proxy', typeof aiProxyRequest, typeof aiProxyResult> {
  return defineJob('ai_proxy', {
    input: aiProxyRequest,
    result: aiProxyResult,
    timeout: '2m',
    async run(job) {
      const { tenantId, ownerId } = job.job
      const desk = openDesk()
      const owner = { tenantId, userId: ownerId }
      job.progress(25, 'Reading what you want')
      const { intent, today } = await job.step('read the request', () => ({
        intent: intentOf(job.input.input),
        today: new Date().toISOString().slice(0, 10),
      }))
      const asked = { desk, job, owner, today }
      const message = intent === 'smart_goal' ? await makeGoal(asked) : await orderTasks(asked)
      const usage = await job.step('count the request', () => desk.countRequest(owner, job.job.id))
      return { intent, message, usage }
    },
  })
}

async function makeGoal({ desk, job, owner, today }: Asked): Promise<string> {
  job.progress(50, 'Making it something that can be checked')
  const goal = await job.step('compose the goal', () => composeGoal(job.input.input, today))
  job.progress(75, 'Keeping the goal')
  await job.step('keep the goal', () => desk.keepGoal(owner, job.job.id, goal))
  return `${goal.title}, by ${goal.dueOn}`
}

async function orderTasks({ desk, job, owner, today }: Asked): Promise<string> {
  job.progress(50, 'Weighing the tasks')
  const order = await job.step('order the tasks', async () =>
    prioritise(await desk.openTasks(owner), today),
  )
  job.progress(75, 'Keeping the order')
  await job.step('keep the order', () => desk.keepOrder(owner, order))
  return order.length === 0
    ? 'There are no tasks to put in order'
    : `${order.length} tasks in order`
}
