import type { Erase } from 'longhaul/server'
import type pg from 'pg'
import type { Caller } from '../auth/callers.js'

export interface DeleteAccountOptions {
  readonly pool: pg.Pool
  readonly erase: Erase
}

/**
 * Delete somebody's account and all that is theirs; an organisation in which nobody else is goes too.
 * The account is the last to go, so that whatever stopped this half-way it can be asked for again.
 *
 * @returns how many of their jobs are still being stopped; then the account is still there
 */
export async function deleteAccount(
  { pool, erase }: DeleteAccountOptions,
  { user, organisations }: Pick<Caller, 'user' | 'organisations'>,
): Promise<number> {
  let left = 0
  for (const { id: tenantId } of organisations) {
    const isAlone = (await countMembers(pool, tenantId)) === 1
    const roles = isAlone ? ['operator'] : []
    const who = isAlone ? { tenantId } : { tenantId, userId: user.id }
    left += (await erase({ tenantId, userId: user.id, roles }, who)).left
    await deleteRows(pool, { tenantId, user, isAlone })
  }
  if (left === 0) await deleteSignIn(pool, user)
  return left
}

async function countMembers(pool: pg.Pool, tenantId: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::integer as count from member where "organizationId" = $1',
    [tenantId],
  )
  return rows[0]!.count
}

interface RowsOf {
  readonly tenantId: string
  readonly user: Caller['user']
  readonly isAlone: boolean
}

/** The studio's own tables. Notes and contacts belong to the organisation; only who wrote a note is taken out. */
async function deleteRows(pool: pg.Pool, { tenantId, user, isAlone }: RowsOf): Promise<void> {
  for (const table of ['goals', 'tasks', 'ai_requests'])
    await pool.query(`delete from studio.${table} where tenant_id = $1 and user_id = $2`, [
      tenantId,
      user.id,
    ])
  // Messages go with their conversations; what was attached and not sent belongs to none.
  for (const table of ['conversations', 'attachments'])
    await pool.query(`delete from studio.${table} where tenant_id = $1 and owner_id = $2`, [
      tenantId,
      user.id,
    ])
  if (isAlone) {
    // Talks and drafts go with the contacts.
    for (const table of ['notes', 'contacts'])
      await pool.query(`delete from studio.${table} where tenant_id = $1`, [tenantId])
  } else
    await pool.query(
      `update studio.notes set author = 'Somebody who has left' where tenant_id = $1 and author = $2`,
      [tenantId, user.name],
    )
}

/** The tables of the sign-in, in one statement: half an account could neither sign in nor be deleted. */
async function deleteSignIn(pool: pg.Pool, { id, email }: Caller['user']): Promise<void> {
  await pool.query(
    `with gone as (
       delete from member where "userId" = $1 returning "organizationId" as id
     ),
     invitations as (delete from invitation where "inviterId" = $1 or email = $2),
     empty as (
       delete from organization
       where id in (select id from gone)
         and not exists (
           select from member where member."organizationId" = organization.id and member."userId" <> $1
         )
     ),
     sessions as (delete from session where "userId" = $1),
     credentials as (delete from account where "userId" = $1)
     delete from "user" where id = $1`,
    [id, email],
  )
}
