import { createHash } from 'node:crypto'
import { isJobId, LonghaulError, type Principal } from '../core/index.js'

/** The place after which a page begins. */
export interface PagePosition {
  readonly createdAt: string
  readonly id: string
}

/**
 * A position as text that callers pass back as it is. The check ties it to the caller's tenant, so
 * that a cursor from somewhere else is refused and does not silently begin at a wrong place. It
 * guards nothing: every page is read as the caller, whatever the position.
 */
export function formatCursor({ tenantId }: Principal, { createdAt, id }: PagePosition): string {
  const position = `${createdAt} ${id}`
  return Buffer.from(`${checkOf(tenantId, position)} ${position}`).toString('base64url')
}

/** @throws {LonghaulError} `invalid_cursor` */
export function parseCursor({ tenantId }: Principal, cursor: string): PagePosition {
  const [check, createdAt = '', id = ''] = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split(' ')
  const isPosition = isJobId(id) && isTime(createdAt)
  if (isPosition && check === checkOf(tenantId, `${createdAt} ${id}`)) return { createdAt, id }
  throw new LonghaulError(
    'invalid_cursor',
    'The cursor is not one that this list gave to this tenant, so no page was read. Begin again without a cursor.',
  )
}

/** As jobs have it. Anybody can make the check, and Postgres knows fewer times than JavaScript. */
function isTime(text: string): boolean {
  const time = Date.parse(text)
  return /^[12]\d{3}-/.test(text) && !Number.isNaN(time) && new Date(time).toISOString() === text
}

function checkOf(tenantId: string, position: string): string {
  return createHash('sha256')
    .update(`GET /jobs ${tenantId} ${position}`)
    .digest('base64url')
    .slice(0, 12)
}
