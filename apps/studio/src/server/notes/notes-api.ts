import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { asPrincipal, type Caller, type Callers } from '../auth/callers.js'
import { noteDraft, type NoteStore } from './note-store.js'

export interface NotesApiOptions {
  readonly callers: Callers
  readonly notes: NoteStore
}

interface Asked {
  Variables: { readonly tenantId: string; readonly caller: Caller }
}

const noSuchNote = { message: 'There is no such note.' }
const uuid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

/** The notes of the organisation that is active, for everyone in it. */
export function createNotesApi({ callers, notes }: NotesApiOptions): Hono<Asked> {
  const app = new Hono<Asked>()
  app.use(inTheNameOf(callers))

  app.get('/', async (context) => context.json(await notes.list(context.var.tenantId)))
  app.post('/', async (context) => {
    const draft = noteDraft.safeParse(await context.req.json().catch(() => undefined))
    if (!draft.success) return context.json(notADraft, 422)
    const { tenantId, caller } = context.var
    return context.json(await notes.create(tenantId, caller.user.name, draft.data), 201)
  })
  app.put(`/:id{${uuid}}`, async (context) => {
    const draft = noteDraft.safeParse(await context.req.json().catch(() => undefined))
    if (!draft.success) return context.json(notADraft, 422)
    const note = await notes.update(context.var.tenantId, context.req.param('id'), draft.data)
    return note === undefined ? context.json(noSuchNote, 404) : context.json(note)
  })
  app.delete(`/:id{${uuid}}`, async (context) => {
    const isGone = await notes.remove(context.var.tenantId, context.req.param('id'))
    return isGone ? context.body(null, 204) : context.json(noSuchNote, 404)
  })
  return app
}

const notADraft = {
  message: 'A note needs a title of at most 200 characters and a text of at most 20,000.',
}

/** Only who is signed in, and only in JSON: a form on another page of this machine cannot send that. */
export function inTheNameOf(callers: Callers) {
  return createMiddleware<Asked>(async (context, next) => {
    context.header('cache-control', 'no-store')
    const caller = await callers.find(context.req.raw.headers)
    const principal = caller && asPrincipal(caller)
    if (caller === undefined || principal === undefined) {
      return context.json({ message: 'Nobody is signed in. Sign in first.' }, 401)
    }
    const hasBody = context.req.method === 'POST' || context.req.method === 'PUT'
    if (hasBody && !context.req.header('content-type')?.startsWith('application/json')) {
      return context.json({ message: 'Send JSON, as application/json.' }, 415)
    }
    context.set('tenantId', principal.tenantId)
    context.set('caller', caller)
    return next()
  })
}
