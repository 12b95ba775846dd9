import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { LonghaulError } from 'longhaul'
import type pg from 'pg'
import type { AboutChat } from '../../trips/concierge/conversation.js'
import type { Callers } from '../auth/callers.js'
import { type Asked, inTheNameOf } from '../http/in-the-name-of.js'
import { attachmentRoutes } from './attachments/attachment-routes.js'
import { type AnswerJobs, ask, questionRequest } from './ask.js'
import { findConversation, listConversations } from './conversations.js'
import { deleteConversation } from './delete-conversation.js'

export interface ChatRoutesOptions {
  readonly callers: Callers
  readonly pool: pg.Pool
  readonly jobs: AnswerJobs
  readonly about: AboutChat
}

/** The studio's own API for conversations. Who asks sees their own, in the organisation that is active. */
export function chatRoutes({ callers, pool, jobs, about }: ChatRoutesOptions): Hono<Asked> {
  const app = new Hono<Asked>()
  app.route('/attachments', attachmentRoutes({ callers, pool }))
  app.use(inTheNameOf(callers))

  app.get('/conversations', async (context) => {
    const conversations = await listConversations(pool, context.var.principal)
    return context.json({ about, conversations })
  })

  app.get('/conversations/:id{[\\w-]{1,64}}', async (context) => {
    const id = context.req.param('id')
    // A new one has its id before it is kept, and is empty. So is somebody else's.
    const found = await findConversation(pool, context.var.principal, id)
    return context.json(found ?? { id, title: '', messages: [] })
  })

  app.delete('/conversations/:id{[\\w-]{1,64}}', async (context) => {
    const { principal } = context.var
    await deleteConversation({ pool, jobs, principal }, context.req.param('id'))
    return context.body(null, 204)
  })

  app.post('/questions', async (context) => {
    const read = questionRequest.safeParse(await context.req.json().catch(() => undefined))
    if (!read.success) return context.json({ message: read.error.message }, 422)
    const { principal } = context.var
    return context.json(await ask({ pool, jobs, principal }, read.data), 201)
  })

  app.onError((error, context) => {
    if (!LonghaulError.is(error)) throw error
    return context.json({ message: error.message }, error.status as ContentfulStatusCode)
  })
  return app
}
