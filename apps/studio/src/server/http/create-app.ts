import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { type AccountApiOptions, createAccountApi } from '../account/account-api.js'
import type { Auth } from '../auth/create-auth.js'
import type { Searches } from '../../trips/optimise/searches.js'
import type { chatRoutes } from '../chat/chat-routes.js'
import type { Callers } from '../auth/callers.js'
import type { ContactStore } from '../contacts/contact-store.js'
import { createContactsApi } from '../contacts/contacts-api.js'
import { createGoalsApi, type GoalsApiOptions } from '../goals/goals-api.js'
import type { NoteStore } from '../notes/note-store.js'
import { createNotesApi } from '../notes/notes-api.js'
import { securityHeaders } from './security-headers.js'

export interface AppOptions {
  readonly auth: Auth
  readonly callers: Callers
  /** The API of Longhaul. */
  readonly api: (request: Request) => Promise<Response>
  readonly chat: ReturnType<typeof chatRoutes>
  readonly searches: Searches
  readonly notes: NoteStore
  readonly contacts: ContactStore
  readonly desk: GoalsApiOptions['desk']
  readonly enqueue: GoalsApiOptions['enqueue']
  readonly provider: GoalsApiOptions['provider']
  /** What deletes an account works with. */
  readonly account: Omit<AccountApiOptions, 'callers'>
}

const webFolder = fileURLToPath(new URL('../../web', import.meta.url))

/** Sign-in, the API and the pages on one address. */
export function createApp(options: AppOptions): Hono {
  const { auth, callers, api, chat, searches, notes, contacts, account } = options
  const { desk, enqueue, provider } = options
  const app = new Hono()

  app.on(['GET', 'POST'], '/api/auth/*', async ({ req }) => {
    const response = await auth.handler(req.raw)
    if (req.method === 'POST') callers.forget(req.raw.headers)
    return response
  })
  app.post('/api/longhaul/jobs/:id/signals/decision', async ({ req }) => {
    const response = await api(req.raw)
    if (response.ok) searches.stop(req.param('id'))
    return response
  })
  app.all('/api/longhaul/*', ({ req }) => api(req.raw))
  app.route('/api/chat', chat)
  // Nobody is an answer too: as a 401 it would be an error on the console of everyone who comes to sign in.
  app.get('/api/me', async (context) => {
    const caller = await callers.find(context.req.raw.headers)
    context.header('cache-control', 'no-store')
    return context.json({
      user: caller?.user ?? null,
      organisation: caller?.organisation ?? null,
      organisations: caller?.organisations ?? [],
    })
  })
  app.route('/api/account', createAccountApi({ callers, ...account }))
  app.route('/api/notes', createNotesApi({ callers, notes }))
  app.route('/api/contacts', createContactsApi({ callers, contacts }))
  app.route('/api', createGoalsApi({ callers, desk, enqueue, provider }))
  app.all('/api/*', (context) =>
    context.json({ message: 'There is no such address under /api.' }, 404),
  )

  app.use(securityHeaders)
  app.use('/assets/*', keep('public, max-age=31536000, immutable'))
  app.use(keep('no-cache'))
  app.use(serveStatic({ root: webFolder }))
  app.notFound((context) => context.text('There is no such page. Begin at /.', 404))
  return app
}

/** How long browsers may keep what is found: the names of assets change with their content. */
function keep(cacheControl: string) {
  return createMiddleware(async (context, next) => {
    await next()
    if (context.res.ok && !context.res.headers.has('cache-control')) {
      context.header('cache-control', cacheControl)
    }
  })
}
