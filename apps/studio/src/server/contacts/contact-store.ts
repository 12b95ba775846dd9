import type pg from 'pg'
import type { ContactBook } from '../../contacts/contact-book.js'
import type { Contact, ContactFacts, Draft, Talk } from '../../contacts/contact.js'
import type { DraftChange, NewTalk } from './contact-schemas.js'

export interface ListedContact extends Contact {
  readonly openDrafts: number
  readonly lastTalkAt: string | null
}

/** All that is known of somebody. */
export interface ContactFile {
  readonly contact: Contact
  /** Newest first. */
  readonly talks: readonly Talk[]
  /** Newest first. */
  readonly drafts: readonly Draft[]
}

/** The contacts of organisations. Each call names whose: nothing of another one is read or changed. */
export interface ContactStore extends ContactBook {
  list(tenantId: string): Promise<readonly ListedContact[]>
  file(tenantId: string, id: string): Promise<ContactFile | undefined>
  /** Make a contact, or change the one with this id. */
  put(tenantId: string, id: string, facts: ContactFacts): Promise<Contact>
  /** Its talks and drafts go with it. */
  remove(tenantId: string, id: string): Promise<boolean>
  /** False: there is no such contact. The same talk again changes nothing. */
  addTalk(tenantId: string, contactId: string, talk: NewTalk): Promise<boolean>
  changeDraft(
    tenantId: string,
    contactId: string,
    id: string,
    change: DraftChange,
  ): Promise<Draft | undefined>
}

const most = 200
const contactColumns = `id, name, role, company, email, time_zone as "timeZone", is_archived as "isArchived"`
const talkColumns = `id, kind, at, minutes, body as text`
const draftColumns = `id, agent_id as "agentId", subject, body, status, updated_at as "updatedAt"`
const ofContact = 'tenant_id = $1 and contact_id = $2'

export function createContactStore(pool: pg.Pool): ContactStore {
  async function query<Row>(sql: string, ...values: readonly unknown[]): Promise<Row[]> {
    return (await pool.query<Row & pg.QueryResultRow>(sql, [...values])).rows
  }

  const talksOf = (tenantId: string, contactId: string): Promise<TalkRow[]> =>
    query(
      `select ${talkColumns} from studio.talks where ${ofContact} order by at desc, id limit ${most}`,
      tenantId,
      contactId,
    )

  async function find(tenantId: string, id: string): Promise<Contact | undefined> {
    const [contact] = await query<Contact>(
      `select ${contactColumns} from studio.contacts where tenant_id = $1 and id = $2`,
      tenantId,
      id,
    )
    return contact
  }

  return {
    list: (tenantId) =>
      query(
        `select ${contactColumns},
           (select count(*)::integer from studio.drafts draft
            where draft.tenant_id = contact.tenant_id and draft.contact_id = contact.id
              and draft.status = 'open') as "openDrafts",
           (select max(at) from studio.talks talk
            where talk.tenant_id = contact.tenant_id and talk.contact_id = contact.id
              and at <= now()) as "lastTalkAt"
         from studio.contacts contact where tenant_id = $1
         order by is_archived, name, id limit ${most}`,
        tenantId,
      ),
    async file(tenantId, id) {
      const contact = await find(tenantId, id)
      if (contact === undefined) return undefined
      const drafts = await query<Draft>(
        `select ${draftColumns} from studio.drafts where ${ofContact} order by updated_at desc, id limit ${most}`,
        tenantId,
        id,
      )
      return { contact, talks: (await talksOf(tenantId, id)).map(asTalk), drafts }
    },
    async read(tenantId, id) {
      const contact = await find(tenantId, id)
      return contact && { contact, talks: (await talksOf(tenantId, id)).map(asTalk) }
    },
    async meetings(tenantId) {
      const rows = await query<TalkRow>(
        `select ${talkColumns} from studio.talks
         where tenant_id = $1 and kind = 'meeting' and at > now() - interval '1 day' order by at limit ${most}`,
        tenantId,
      )
      return rows.map(asTalk)
    },
    async put(tenantId, id, { name, role, company, email, timeZone, isArchived }) {
      const [contact] = await query<Contact>(
        `insert into studio.contacts (tenant_id, id, name, role, company, email, time_zone, is_archived)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (tenant_id, id) do update
         set name = excluded.name, role = excluded.role, company = excluded.company,
             email = excluded.email, time_zone = excluded.time_zone, is_archived = excluded.is_archived
         returning ${contactColumns}`,
        tenantId,
        id,
        name,
        role,
        company,
        email,
        timeZone,
        isArchived,
      )
      return contact!
    },
    async remove(tenantId, id) {
      const sql = 'delete from studio.contacts where tenant_id = $1 and id = $2 returning id'
      return (await query(sql, tenantId, id)).length > 0
    },
    async addTalk(tenantId, contactId, { id, kind, at, minutes, text }) {
      const found = await query(
        `with contact as (
           select tenant_id, id from studio.contacts where tenant_id = $1 and id = $2
         ), added as (
           insert into studio.talks (tenant_id, contact_id, id, kind, at, minutes, body)
           select tenant_id, id, $3, $4, $5, $6, $7 from contact on conflict do nothing
         )
         select from contact`,
        tenantId,
        contactId,
        id,
        kind,
        at,
        minutes,
        text,
      )
      return found.length > 0
    },
    async changeDraft(tenantId, contactId, id, { subject, body, status }) {
      const [draft] = await query<Draft>(
        `update studio.drafts set subject = $4, body = $5, status = $6, updated_at = now()
         where ${ofContact} and id = $3 returning ${draftColumns}`,
        tenantId,
        contactId,
        id,
        subject,
        body,
        status,
      )
      return draft
    },
    async keepDraft(tenantId, { contactId, jobId, agentId, subject, body }) {
      const found = await query(
        `with contact as (
           select tenant_id, id from studio.contacts where tenant_id = $1 and id = $2 for key share
         ), kept as (
           insert into studio.drafts (tenant_id, contact_id, id, agent_id, subject, body)
           select tenant_id, id, $3, $4, $5, $6 from contact on conflict do nothing
         )
         select from contact`,
        tenantId,
        contactId,
        jobId,
        agentId,
        subject,
        body,
      )
      return found.length > 0
    },
  }
}

interface TalkRow extends Omit<Talk, 'at'> {
  readonly at: Date
}

function asTalk(row: TalkRow): Talk {
  return { ...row, at: row.at.toISOString() }
}
