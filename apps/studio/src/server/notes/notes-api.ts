import { Hono } from 'hono'
import type { Callers } from '../auth/callers.js'
import { type Asked, inTheNameOf, uuid } from '../http/in-the-name-of.js'
import { noteDraft, type NoteStore } from './note-store.js'

export interface NotesApiOptions {
  readonly callers: Callers
  readonly notes: NoteStore
}

const noSuchNote = { message: 'There is no such note.' }

/** The notes of the organisation that is active, for everyone in it. */
export function createNotesApi({ callers, notes }: NotesApiOptions): Hono<Asked> {
  const app = new Hono<Asked>()
  app.use(inTheNameOf(callers))

  app.get('/', async (context) => context.json(await notes.list(context.var.principal.tenantId)))
  app.post('/', async (context) => {
    const draft = noteDraft.safeParse(await context.req.json().catch(() => undefined))
    if (!draft.success) return context.json(notADraft, 422)
    const { principal, caller } = context.var
    return context.json(await notes.create(principal.tenantId, caller.user.name, draft.data), 201)
  })
  app.put(`/:id{${uuid}}`, async (context) => {
    const draft = noteDraft.safeParse(await context.req.json().catch(() => undefined))
    if (!draft.success) return context.json(notADraft, 422)
    const note = await notes.update(
      context.var.principal.tenantId,
      context.req.param('id'),
      draft.data,
    )
    return note === undefined ? context.json(noSuchNote, 404) : context.json(note)
  })
  app.delete(`/:id{${uuid}}`, async (context) => {
    const isGone = await notes.remove(context.var.principal.tenantId, context.req.param('id'))
    return isGone ? context.body(null, 204) : context.json(noSuchNote, 404)
  })
  return app
}

const notADraft = {
  message: 'A note needs a title of at most 200 characters and a text of at most 20,000.',
}
