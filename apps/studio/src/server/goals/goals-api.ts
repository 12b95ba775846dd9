import { type Context, Hono } from 'hono'
import { LonghaulError, type Principal } from 'longhaul'
import { aiProxyBody, type AiProxyRequest } from '../../goals/ai-proxy.js'
import { aboutProvider, ownKey, type Provider } from '../../goals/provider.js'
import { requestStatus } from '../../goals/request-status.js'
import { requestsPerMonth } from '../../goals/requests-per-month.js'
import type { Callers } from '../auth/callers.js'
import { type Asked, inTheNameOf, uuid } from '../http/in-the-name-of.js'
import { type DeskStore, taskDraft } from './desk-store.js'

export interface GoalsApiOptions {
  readonly callers: Callers
  readonly desk: DeskStore
  readonly enqueue: (
    type: 'ai_proxy',
    input: AiProxyRequest,
    options: {
      readonly principal: Principal
      readonly secrets?: Readonly<Record<string, string>>
    },
  ) => Promise<{ readonly id: string }>
  /** Whom people may ask with a key of their own. */
  readonly provider: Provider | undefined
}

/** Goals and tasks of whoever asks, and the proxy: `POST /ai/proxy` makes the job that changes them. */
export function createGoalsApi(options: GoalsApiOptions): Hono<Asked> {
  const { callers, desk, enqueue, provider } = options
  const app = new Hono<Asked>()
  const asked = inTheNameOf(callers)
  for (const path of ['/ai/*', '/goals/*', '/tasks/*']) app.use(path, asked)

  app.post('/ai/proxy', async (context) => {
    const request = aiProxyBody.safeParse(await context.req.json().catch(() => undefined))
    if (!request.success) return context.json(notARequest, 422)
    const { input, user_provided_key: key } = request.data
    if (key !== undefined && provider === undefined) return context.json(noProvider, 422)
    try {
      const { principal } = context.var
      const { requests } = await desk.usage(principal)
      if (requests >= requestsPerMonth) return refuse(context)
      const secrets = key === undefined ? {} : { secrets: { [ownKey]: key } }
      const { id } = await enqueue('ai_proxy', { input }, { principal, ...secrets })
      await desk.countRequest(principal, id)
      return context.json(
        { message: 'It is being done.', job_id: id, status: requestStatus.queued },
        202,
      )
    } catch (error) {
      if (!LonghaulError.is(error, 'invalid_input')) throw error
      return context.json({ message: error.message }, 422)
    }
  })
  app.get('/ai/provider', (context) => context.json(provider ? aboutProvider(provider) : null))
  app.get('/ai/usage', async ({ var: { principal }, json }) => json(await desk.usage(principal)))

  app.get('/goals', async ({ var: { principal }, json }) => json(await desk.goals(principal)))
  app.delete(`/goals/:id{${uuid}}`, async (context) => {
    const isGone = await desk.removeGoal(context.var.principal, context.req.param('id'))
    return isGone
      ? context.body(null, 204)
      : context.json({ message: 'There is no such goal.' }, 404)
  })

  app.get('/tasks', async ({ var: { principal }, json }) => json(await desk.tasks(principal)))
  app.post('/tasks', async (context) => {
    const draft = taskDraft.safeParse(await context.req.json().catch(() => undefined))
    if (!draft.success) return context.json(notATask, 422)
    return context.json(await desk.addTask(context.var.principal, draft.data), 201)
  })
  app.delete(`/tasks/:id{${uuid}}`, async (context) => {
    const isGone = await desk.removeTask(context.var.principal, context.req.param('id'))
    return isGone
      ? context.body(null, 204)
      : context.json({ message: 'There is no such task.' }, 404)
  })
  return app
}

/** As the database counts: months are those of UTC. */
function refuse(context: Context<Asked>): Response {
  const now = new Date()
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1))
  const day = next.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
  context.header('retry-after', String(Math.ceil((next.getTime() - now.getTime()) / 1000)))
  const message = `You have made your ${requestsPerMonth} requests of this month. There are more on ${day}.`
  return context.json({ message }, 429)
}

const notARequest = {
  message:
    'Send {"input": "…"} with 3 to 500 characters and, if you like, "user_provided_key" with 8 to 400.',
}
const noProvider = {
  message:
    'This studio knows no provider to use your key with, so it was not kept. Send the request without it.',
}
const notATask = {
  message: 'A task needs a title of at most 200 characters; a day and minutes are optional.',
}
