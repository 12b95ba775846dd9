import { type Context, Hono } from 'hono'
import type { ZodType } from 'zod'
import type { Callers } from '../auth/callers.js'
import { type Asked, inTheNameOf, uuid } from '../http/in-the-name-of.js'
import { contactFacts, draftChange, newTalk } from './contact-schemas.js'
import type { ContactStore } from './contact-store.js'

export interface ContactsApiOptions {
  readonly callers: Callers
  readonly contacts: ContactStore
}

const noSuchContact = { message: 'There is no such contact.' }

/** The contacts of the organisation that is active, for everyone in it. Their ids are made by the browser. */
export function createContactsApi({ callers, contacts }: ContactsApiOptions): Hono<Asked> {
  const app = new Hono<Asked>()
  app.use(inTheNameOf(callers))

  app.get('/', async (context) => context.json(await contacts.list(tenantOf(context))))
  app.get(`/:id{${uuid}}`, async (context) => {
    const file = await contacts.file(tenantOf(context), context.req.param('id'))
    return file === undefined ? context.json(noSuchContact, 404) : context.json(file)
  })
  app.put(`/:id{${uuid}}`, async (context) => {
    const facts = await bodyOf(context, contactFacts)
    if (facts === undefined) return context.json(notAContact, 422)
    return context.json(await contacts.put(tenantOf(context), context.req.param('id'), facts))
  })
  app.delete(`/:id{${uuid}}`, async (context) => {
    const isGone = await contacts.remove(tenantOf(context), context.req.param('id'))
    return isGone ? context.body(null, 204) : context.json(noSuchContact, 404)
  })
  app.post(`/:id{${uuid}}/talks`, async (context) => {
    const talk = await bodyOf(context, newTalk)
    if (talk === undefined) return context.json(notATalk, 422)
    const isAdded = await contacts.addTalk(tenantOf(context), context.req.param('id'), talk)
    return isAdded ? context.json(talk, 201) : context.json(noSuchContact, 404)
  })
  app.put(`/:id{${uuid}}/drafts/:draft{${uuid}}`, async (context) => {
    const change = await bodyOf(context, draftChange)
    if (change === undefined) return context.json(notADraft, 422)
    const { id, draft: draftId } = context.req.param()
    const draft = await contacts.changeDraft(tenantOf(context), id, draftId, change)
    return draft === undefined
      ? context.json({ message: 'There is no such draft.' }, 404)
      : context.json(draft)
  })
  return app
}

function tenantOf(context: Context<Asked>): string {
  return context.var.principal.tenantId
}

async function bodyOf<T>(context: Context<Asked>, schema: ZodType<T>): Promise<T | undefined> {
  return schema.safeParse(await context.req.json().catch(() => undefined)).data
}

const notAContact = {
  message:
    'A contact needs a name of at most 100 characters, a time zone such as Europe/Lisbon, and an address of e-mail or none.',
}
const notATalk = {
  message: 'A talk needs a day, what kind it was, and a text of at most 5,000 characters.',
}
const notADraft = {
  message: 'A draft needs a subject of at most 200 characters and a text of at most 10,000.',
}
