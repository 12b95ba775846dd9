import type { UIMessage } from 'ai'
import { LonghaulError, type Principal } from 'longhaul'
import type pg from 'pg'
import type { Attachment } from '../../trips/concierge/attachments/attachment.js'
import type { Answerer } from '../../trips/concierge/answerer.js'
import { filePart } from '../../trips/concierge/attachments/file-part.js'
import type { KeptAnswer } from '../../trips/concierge/concierge.js'
import type {
  Conversation,
  ConversationSummary,
  StoredMessage,
} from '../../trips/concierge/conversation.js'
import { sendAttachments } from './attachments/attachment-store.js'

/** A question, and the job that answers it. */
export interface Question {
  readonly conversationId: string
  readonly id: string
  readonly text: string
  readonly attachmentIds: readonly string[]
  readonly jobId: string
  readonly answerer: Answerer
}

const mostListed = 100
const titleCharacters = 80

/** The caller's own conversations, latest first. */
export async function listConversations(
  db: pg.Pool,
  { tenantId, userId }: Principal,
): Promise<ConversationSummary[]> {
  const { rows } = await db.query<ConversationSummary>(
    `select id, title, updated_at as "updatedAt"
     from studio.conversations
     where tenant_id = $1 and owner_id = $2
     order by updated_at desc
     limit $3`,
    [tenantId, userId, mostListed],
  )
  return rows
}

/** One of the caller's own conversations; nothing when there is none of that id. */
export async function findConversation(
  db: pg.Pool | pg.PoolClient,
  { tenantId, userId }: Principal,
  id: string,
): Promise<Conversation | undefined> {
  const { rows } = await db.query<StoredMessage & { readonly title: string }>(
    `select title, messages.id, role, parts, job_id as "jobId", answerer
     from studio.conversations as conversation
     join studio.messages as messages
       on messages.tenant_id = conversation.tenant_id
      and messages.owner_id = conversation.owner_id
      and messages.conversation_id = conversation.id
     where conversation.tenant_id = $1 and conversation.owner_id = $2 and conversation.id = $3
     order by position`,
    [tenantId, userId, id],
  )
  const [first] = rows
  const messages = rows.map(({ id: messageId, role, parts, jobId, answerer }) => ({
    id: messageId,
    role,
    parts,
    jobId,
    answerer,
  }))
  return first && { id, title: first.title, messages }
}

/**
 * Keeps a question with its attachments. Asked again, it goes with the job of now, and what the one
 * before had answered goes.
 *
 * @returns the job that answered it before
 * @throws {LonghaulError} `invalid_input` when something is attached that the caller does not have
 */
export async function keepQuestion(
  db: pg.PoolClient,
  principal: Principal,
  { conversationId, id, text, attachmentIds, jobId, answerer }: Question,
): Promise<string | undefined> {
  const { tenantId, userId } = principal
  const sending = { conversationId, messageId: id, ids: attachmentIds }
  const attachments = await sendAttachments(db, principal, sending)
  if (attachments.length < attachmentIds.length)
    throw new LonghaulError(
      'invalid_input',
      'A file of the message is not there any more. Remove it, and attach it again.',
    )
  const title = text.trim() || attachments.map(({ name }) => name).join(', ')
  await db.query(
    `insert into studio.conversations (tenant_id, owner_id, id, title)
     values ($1, $2, $3, $4)
     on conflict (tenant_id, owner_id, id) do update set updated_at = now()`,
    [tenantId, userId, conversationId, Array.from(title).slice(0, titleCharacters).join('')],
  )
  // Who asks at the same time has waited for the row of the conversation.
  const { rows } = await db.query<{ readonly jobId: string }>(
    `select job_id as "jobId" from studio.messages
     where tenant_id = $1 and owner_id = $2 and conversation_id = $3 and id = $4
     for update`,
    [tenantId, userId, conversationId, id],
  )
  const before = rows[0]?.jobId
  if (before !== undefined && before !== jobId)
    await db.query(
      `delete from studio.messages
       where tenant_id = $1 and owner_id = $2 and conversation_id = $3 and job_id = $4 and role = 'assistant'`,
      [tenantId, userId, conversationId, before],
    )
  await db.query(
    `insert into studio.messages (tenant_id, owner_id, conversation_id, id, role, parts, job_id, answerer)
     values ($1, $2, $3, $4, 'user', $5, $6, $7)
     on conflict (tenant_id, owner_id, conversation_id, id)
       do update set job_id = excluded.job_id, answerer = excluded.answerer`,
    [
      tenantId,
      userId,
      conversationId,
      id,
      JSON.stringify(partsOf(text, attachments)),
      jobId,
      answerer,
    ],
  )
  return before
}

function partsOf(text: string, attachments: readonly Attachment[]): UIMessage['parts'] {
  const files = attachments.map(filePart)
  return text === '' ? files : [...files, { type: 'text', text }]
}

/** Keeps an answer, once, unless its conversation is gone or its question was asked again, of another job. */
export async function keepAnswer(
  db: pg.Pool,
  { principal: { tenantId, userId }, conversationId, jobId, message }: KeptAnswer,
): Promise<void> {
  await db.query(
    `insert into studio.messages (tenant_id, owner_id, conversation_id, id, role, parts, job_id)
     select tenant_id, owner_id, conversation_id, $4, 'assistant', $5, job_id
     from studio.messages
     where tenant_id = $1 and owner_id = $2 and conversation_id = $3 and job_id = $6 and role = 'user'
     for share
     on conflict (tenant_id, owner_id, conversation_id, id) do nothing`,
    [tenantId, userId, conversationId, message.id, JSON.stringify(message.parts), jobId],
  )
}

/** The jobs that answer, or have answered, in one of the caller's own conversations. */
export async function jobsOfConversation(
  db: pg.Pool,
  { tenantId, userId }: Principal,
  id: string,
): Promise<string[]> {
  const { rows } = await db.query<{ readonly jobId: string }>(
    `select distinct job_id as "jobId"
     from studio.messages
     where tenant_id = $1 and owner_id = $2 and conversation_id = $3`,
    [tenantId, userId, id],
  )
  return rows.map(({ jobId }) => jobId)
}

/** Removes one of the caller's own conversations with its messages. */
export async function removeConversation(
  db: pg.Pool,
  { tenantId, userId }: Principal,
  id: string,
): Promise<void> {
  await db.query(
    `delete from studio.conversations
     where tenant_id = $1 and owner_id = $2 and id = $3`,
    [tenantId, userId, id],
  )
}
