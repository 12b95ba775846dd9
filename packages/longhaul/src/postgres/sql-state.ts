import { LonghaulError } from '../core/index.js'

/**
 * What kind of failure an error of the driver is. The server's own errors carry a SQLSTATE and a
 * severity. Errors without them come from the connection, and then the outcome is unknown.
 */
export type FailureKind =
  /** The data is at fault: class 22 (data exception), 23 (integrity), 54 (program limit); also 21 and P0, which triggers raise. */
  | 'data'
  /** Somebody else holds a lock for longer than we wait. */
  | 'lock_timeout'
  /** Deadlock or serialization failure: the same statement can be run again. */
  | 'conflict'
  /** The connection is lost, refused or silent, or the server is starting, stopping or full. */
  | 'unavailable'
  /** A bug of ours, or a right that is missing. */
  | 'other'

export function failureKind(error: unknown): FailureKind {
  if (LonghaulError.is(error, 'database_unavailable')) return 'unavailable'
  const state = sqlState(error)
  if (state === undefined) return 'other'
  if (/^(21|22|23|54|P0)/.test(state)) return 'data'
  if (state === '55P03') return 'lock_timeout'
  if (state === '40001' || state === '40P01') return 'conflict'
  return isUnavailable(state) ? 'unavailable' : 'other'
}

/** The five characters by which Postgres names an error, if the server sent it. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

// 08 connection, 53 out of resources, 57P01–03 shutdown and start-up, 57014 our own timeout,
// 25006 a primary that became a standby, 3D000 the database is gone
function isUnavailable(state: string): boolean {
  return /^(08|53|57P0[1-3]|57014|25006|3D000)/.test(state)
}

/** What was to be inserted is there already. */
export function isDuplicate(error: unknown): boolean {
  return sqlState(error) === '23505'
}

/** A migration changed a table that this connection has prepared a statement for. Nothing was run; a new connection knows. */
export function isStalePlan(error: unknown): boolean {
  return sqlState(error) === '0A000' && (error as Error).message.includes('cached plan')
}

/** The driver's error as the one that callers see, or itself when it is none of the connection's. */
export function asDatabaseError(error: unknown): unknown {
  const state = sqlState(error)
  const ours = state === undefined ? isConnectionError(error) : isUnavailable(state)
  if (!ours) return error
  return new LonghaulError(
    'database_unavailable',
    'Postgres did not answer, so it is not known whether this was done. ' +
      'Check that it runs and that the connection string is right, then try again.',
    { cause: error },
  )
}

/** The error of a statement of ours in a transaction of the app's own, whose driver may have wrapped it. */
export function asTransactionError(error: unknown, schema: string): unknown {
  const ofServer = fromServer(error)
  const state = sqlState(ofServer)
  if (state === undefined || !isForeign(state)) return asDatabaseError(ofServer ?? error)
  return new LonghaulError(
    'wrong_database',
    `The transaction is on a database where Longhaul's tables cannot be used (${(ofServer as Error).message}), so nothing ` +
      'can be committed together with its jobs. Give one of the database that Longhaul uses, of a role that is a ' +
      `member of ${schema}_engine.`,
    { cause: error },
  )
}

function fromServer(error: unknown): unknown {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (sqlState(each) !== undefined) return each
  }
  return undefined
}

// Schema, table, column, function, privilege
function isForeign(state: string): boolean {
  return /^(3F000|42P01|42703|42883|42501)$/.test(state)
}

// An error of the driver has no SQLSTATE; a mistake in our own code is one of JavaScript's own classes.
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || LonghaulError.is(error)) return false
  return !(
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof SyntaxError
  )
}
