import type pg from 'pg'
import { z } from 'zod'

export interface Note {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly author: string
  readonly updatedAt: string
}

/** Postgres keeps no NUL. */
const text = z
  .string()
  .trim()
  .min(1)
  .refine((value) => !value.includes('\0'))

export const noteDraft = z.strictObject({ title: text.max(200), body: text.max(20_000) })

export type NoteDraft = z.infer<typeof noteDraft>

/** The notes of organisations. Each call names whose: no note of another one is read or changed. */
export interface NoteStore {
  list(tenantId: string): Promise<readonly Note[]>
  create(tenantId: string, author: string, draft: NoteDraft): Promise<Note>
  /** Nothing when the organisation has no such note. */
  update(tenantId: string, id: string, draft: NoteDraft): Promise<Note | undefined>
  remove(tenantId: string, id: string): Promise<boolean>
}

const columns = `id, title, body, author, updated_at as "updatedAt"`
const mostNotes = 500

export function createNoteStore(pool: pg.Pool): NoteStore {
  async function query(sql: string, values: readonly unknown[]): Promise<Note[]> {
    const { rows } = await pool.query<Note>(sql, [...values])
    return rows
  }
  return {
    list: (tenantId) =>
      query(
        `select ${columns} from studio.notes where tenant_id = $1 order by updated_at desc, id limit $2`,
        [tenantId, mostNotes],
      ),
    async create(tenantId, author, { title, body }) {
      const [note] = await query(
        `insert into studio.notes (tenant_id, author, title, body) values ($1, $2, $3, $4) returning ${columns}`,
        [tenantId, author, title, body],
      )
      return note!
    },
    async update(tenantId, id, { title, body }) {
      const [note] = await query(
        `update studio.notes set title = $3, body = $4, updated_at = now()
         where tenant_id = $1 and id = $2 returning ${columns}`,
        [tenantId, id, title, body],
      )
      return note
    },
    async remove(tenantId, id) {
      const removed = await query(
        `delete from studio.notes where tenant_id = $1 and id = $2 returning ${columns}`,
        [tenantId, id],
      )
      return removed.length > 0
    },
  }
}
