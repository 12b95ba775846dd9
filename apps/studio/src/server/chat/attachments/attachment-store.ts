import type { Principal } from 'longhaul'
import type pg from 'pg'
import type { FileFacts } from '../../../trips/concierge/attachments/identify-file.js'
import type { Attachment } from '../../../trips/concierge/attachments/attachment.js'

export interface NewAttachment {
  readonly id: string
  readonly name: string
  readonly data: Buffer
  readonly facts: FileFacts
}

export interface AttachmentContent extends Attachment {
  readonly data: Buffer
}

/** Of one person in one organisation, sent or not. What comes in at the same moment may go over it. */
const mostBytesOfOne = 100_000_000

const columns = 'id, name, media_type as "mediaType", size_bytes as "sizeBytes", width, height'
const mine = 'tenant_id = $1 and owner_id = $2'

/**
 * Keeps a file of the caller's until it is sent with a question. The same again changes nothing. Those that
 * were not sent for a day make room.
 *
 * @returns nothing when the caller has no room for it
 */
export async function keepAttachment(
  pool: pg.Pool,
  { tenantId, userId }: Principal,
  { id, name, data, facts }: NewAttachment,
): Promise<Attachment | undefined> {
  const owner = [tenantId, userId]
  await pool.query(
    `delete from studio.attachments
     where ${mine} and message_id is null and created_at < now() - interval '1 day'`,
    owner,
  )
  const { rows } = await pool.query<Attachment>(
    `insert into studio.attachments (tenant_id, owner_id, id, name, media_type, width, height, data)
     select $1, $2, $3, $4, $5, $6::integer, $7::integer, $8::bytea
     where octet_length($8::bytea) + (
       select coalesce(sum(size_bytes), 0) from studio.attachments where ${mine}
     ) <= $9
     on conflict (tenant_id, owner_id, id) do update set id = excluded.id
     returning ${columns}`,
    [...owner, id, name, facts.mediaType, facts.width, facts.height, data, mostBytesOfOne],
  )
  return rows[0]
}

/** One of the caller's own; nothing when there is none of that id. */
export async function findAttachment(
  pool: pg.Pool,
  { tenantId, userId }: Principal,
  id: string,
): Promise<AttachmentContent | undefined> {
  const { rows } = await pool.query<AttachmentContent>(
    `select ${columns}, data from studio.attachments where ${mine} and id = $3`,
    [tenantId, userId, id],
  )
  return rows[0]
}

/** Removes one of the caller's own, unless it was sent: then it belongs to its conversation. */
export async function removeUnsent(
  pool: pg.Pool,
  { tenantId, userId }: Principal,
  id: string,
): Promise<void> {
  await pool.query(
    `delete from studio.attachments where ${mine} and id = $3 and message_id is null`,
    [tenantId, userId, id],
  )
}

export interface Sending {
  readonly conversationId: string
  readonly messageId: string
  readonly ids: readonly string[]
}

/** Makes files of the caller's part of a message. @returns those of them that are there and not another message's */
export async function sendAttachments(
  db: pg.PoolClient,
  { tenantId, userId }: Principal,
  { conversationId, messageId, ids }: Sending,
): Promise<Attachment[]> {
  const { rows } = await db.query<Attachment>(
    `update studio.attachments set conversation_id = $4, message_id = $5
     where ${mine} and id::text = any($3)
       and (message_id is null or (conversation_id = $4 and message_id = $5))
     returning ${columns}`,
    [tenantId, userId, ids, conversationId, messageId],
  )
  return rows.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
}
