import { defineJob, type JobContext, type JobDefinition } from 'longhaul'
import { type AiProxyRequest, aiProxyRequest, aiProxyResult } from './ai-proxy.js'
import type { Desk, Owner } from './desk.js'
import { intentOf } from './intent-of.js'
import { prioritise } from './prioritise.js'
import { ownKey, type Provider } from './provider.js'
import { composeGoal } from './smart-goal.js'
import type { WrittenGoal } from './write-goal.js'

interface Asked {
  readonly desk: Desk
  readonly job: JobContext<AiProxyRequest>
  readonly owner: Owner
  readonly today: string
  readonly provider: Provider | undefined
}

interface Done {
  readonly message: string
  readonly tokens: number
}

/** Does what one sentence asks for: makes a goal of it, or puts one's tasks in order. */
export function createAiProxy(
  /** Asked for by each job, because no database is open yet when jobs are defined. */
  openDesk: () => Desk,
  provider: Provider | undefined,
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
      const asked = { desk, job, owner, today, provider }
      const { message, tokens } =
        intent === 'smart_goal' ? await makeGoal(asked) : await orderTasks(asked)
      const usage = await job.step('count the request', () =>
        desk.countRequest(owner, job.job.id, tokens),
      )
      return { intent, message, usage }
    },
  })
}

async function makeGoal(asked: Asked): Promise<Done> {
  const { desk, job, owner } = asked
  job.progress(50, 'Making it something that can be checked')
  const { goal, tokens } = await job.step('compose the goal', () => compose(asked))
  job.progress(75, 'Keeping the goal')
  await job.step('keep the goal', () => desk.keepGoal(owner, job.job.id, goal))
  return { message: `${goal.title}, by ${goal.dueOn}`, tokens }
}

/** With a key of whoever asks their provider writes it; otherwise rules do. */
async function compose({ job, today, provider }: Asked): Promise<WrittenGoal> {
  const { input: wish } = job.input
  const key = await job.secrets.get(ownKey)
  if (key === undefined || provider === undefined) {
    return { goal: composeGoal(wish, today), tokens: 0 }
  }
  // Only now: without a key there is no reason to wait for a model's libraries.
  const { writeGoal } = await import('./write-goal.js')
  const onPart = (count: number): void => job.progress(50 + count * 5, `${provider.model} writes`)
  return writeGoal({ wish, today, provider, key, signal: job.signal, onPart })
}

async function orderTasks({ desk, job, owner, today }: Asked): Promise<Done> {
  job.progress(50, 'Weighing the tasks')
  const order = await job.step('order the tasks', async () =>
    prioritise(await desk.openTasks(owner), today),
  )
  job.progress(75, 'Keeping the order')
  await job.step('keep the order', () => desk.keepOrder(owner, order))
  const message =
    order.length === 0 ? 'There are no tasks to put in order' : `${order.length} tasks in order`
  return { message, tokens: 0 }
}
