import { LonghaulError } from '../core/index.js'
import { type Database, type OwnDatabase, runOne } from './database.js'
import { migrations } from './migrations.js'
import { inSchema } from './schema-name.js'
import { type Query, sql } from './sql.js'
import { sqlState } from './sql-state.js'

/** One lock for all processes that start at the same time, whatever their schema: they share roles. The number only has to be ours. */
export const migrationLock = 727_473_001

interface Applied {
  readonly number: number
  readonly name: string
  readonly breaking: boolean
}

/**
 * Bring the schema up to date: each migration in a transaction of its own, the first statement of
 * which claims the number. Safe to call from any number of processes at once.
 *
 * @returns the names of the migrations that this call ran
 * @throws {LonghaulError} `incompatible_schema` when a newer version of Longhaul has changed the
 * schema in a way that this one does not understand
 */
export async function migrate(db: OwnDatabase): Promise<string[]> {
  const ran: string[] = []
  for (;;) {
    const applied = await findApplied(db)
    refuseNewer(applied)
    const next = migrations.find(({ number }) => !applied.some((row) => row.number === number))
    if (next === undefined) return ran
    const claimed = await applyUnlessClaimed(db, next.text)
    if (claimed) ran.push(next.name)
  }
}

/**
 * For a process whose schema somebody else brings up to date.
 *
 * @throws {LonghaulError} `incompatible_schema` when that has not been done, and what `migrate` refuses
 */
export async function checkMigrated(db: OwnDatabase): Promise<void> {
  const { exists } = (await runOne(db, tableExists()))!
  const applied = exists ? await db.run(allApplied()) : []
  refuseNewer(applied)
  const missing = migrations.filter(({ number }) => !applied.some((row) => row.number === number))
  const last = missing.at(-1)
  if (last === undefined) return
  throw new LonghaulError(
    'incompatible_schema',
    `The schema ${db.schema} of this database lacks migrations that this version of Longhaul needs, up to ${last.name}, so nothing is done here. ` +
      `Run \`npx longhaul migrate --schema ${db.schema}\`, or leave out migrate: false.`,
  )
}

/**
 * What `migrate` refuses, for a process that runs while another one migrates.
 *
 * @throws {LonghaulError} `incompatible_schema`
 */
export async function checkSchema(db: Database): Promise<void> {
  refuseNewer(
    await db.run(
      sql<Applied>`select number, name, breaking from longhaul.migrations where breaking`,
    ),
  )
}

async function findApplied(db: OwnDatabase): Promise<readonly Applied[]> {
  const { exists } = (await runOne(db, tableExists()))!
  if (!exists) await db.runScript(underLock(db, createTable))
  return db.run(allApplied())
}

function allApplied(): Query<Applied> {
  return sql`select number, name, breaking from longhaul.migrations order by number`
}

function tableExists(): Query<{ exists: boolean }> {
  return sql`select to_regclass('longhaul.migrations') is not null as exists`
}

const createTable = `
  create schema if not exists longhaul;
  create table if not exists longhaul.migrations (
    number     integer primary key,
    name       text not null,
    breaking   boolean not null default false,
    applied_at timestamptz not null default now()
  );`

/** False when another process was faster: its row makes our first statement fail. */
async function applyUnlessClaimed(db: OwnDatabase, text: string): Promise<boolean> {
  try {
    // Whoever is at work hears of it with the commit, and sees whether it still understands the schema.
    await db.runScript(underLock(db, `${text}\n; notify longhaul`))
    return true
  } catch (error) {
    if (sqlState(error) === '23505') return false
    throw error
  }
}

function underLock({ schema }: OwnDatabase, script: string): string {
  return `select pg_advisory_xact_lock(${migrationLock}); ${inSchema(schema, script)}`
}

function refuseNewer(applied: readonly Applied[]): void {
  const known = new Set(migrations.map(({ number }) => number))
  const breaking = applied.filter((row) => row.breaking && !known.has(row.number))
  if (breaking.length === 0) return
  throw new LonghaulError(
    'incompatible_schema',
    `This database was changed by a newer version of Longhaul (${breaking.map(({ name }) => name).join(', ')}), ` +
      'which this version would misread, so nothing is done here. Upgrade the longhaul package here.',
  )
}
