import { type OwnDatabase, runOne } from './database.js'
import { migrationLock } from './migrate.js'
import { type Query, sql } from './sql.js'
import { failureKind } from './sql-state.js'

/** What it has outside of its schema; the last two are of `longhaul rls`. */
const roleKinds = ['engine', 'reader', 'claims', 'tenant']

export interface SchemaState {
  readonly exists: boolean
  /** The names of the workers that hold a lease on its jobs. */
  readonly liveWorkers: readonly string[]
}

export async function findSchema(db: OwnDatabase): Promise<SchemaState> {
  const { exists } = (await runOne(db, schemaExists()))!
  const workers = exists ? await db.run(findLiveWorkers()) : []
  return { exists, liveWorkers: workers.map(({ name }) => name) }
}

/**
 * Remove a schema with all that is in it, and its roles. Roles belong to the server: one that is in use
 * elsewhere, as by a schema of the same name in another database, stays.
 *
 * @returns the roles that stayed
 */
export async function dropSchema(db: OwnDatabase): Promise<string[]> {
  const { schema } = db
  await runInSpiteOfOthers(
    db,
    `
    select pg_advisory_xact_lock(${migrationLock});
    drop schema if exists ${schema}_api cascade;
    drop schema if exists ${schema} cascade`,
  )
  const roles = roleKinds.map((kind) => `${schema}_${kind}`)
  for (const role of roles) await db.runScript(dropUnlessUsed(role))
  const left = await db.run(
    sql<{
      name: string
    }>`select rolname::text as name from pg_roles where rolname = any(${roles}::text[])`,
  )
  return left.map(({ name }) => name)
}

const mostTries = 20

/** Whoever is still at work there locks the same tables in another order, and sometimes it is we who have to give way. */
async function runInSpiteOfOthers(db: OwnDatabase, script: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.runScript(script)
    } catch (error) {
      if (failureKind(error) !== 'conflict' || tries === mostTries) throw error
    }
  }
}

function schemaExists(): Query<{ exists: boolean }> {
  return sql`select to_regclass('longhaul.workers') is not null as exists`
}

function findLiveWorkers(): Query<{ name: string }> {
  return sql`select name from longhaul.workers where lease_expires_at > now() order by name`
}

function dropUnlessUsed(role: string): string {
  return `
    do $$ begin
      drop role if exists ${role};
    exception
      when dependent_objects_still_exist or insufficient_privilege then null;
    end $$`
}
