import { LonghaulError } from '../../core/index.js'
import { type OwnDatabase, runOne } from '../database.js'
import { defaultSchema, inSchema } from '../schema-name.js'
import { sql } from '../sql.js'
import { outsidersScript, publicJobColumns, taskStatusScript } from './outsiders-script.js'

/** A database role that is bound to a tenant. */
export interface TenantRole {
  readonly role: string
  readonly tenantId: string
  /** Absent: it sees all rows of the tenant. */
  readonly userId?: string | undefined
}

/** Make the roles, policies and views for outsiders. Nobody has those roles yet. */
export async function openToOutsiders(db: OwnDatabase): Promise<void> {
  await db.runScript(inSchema(db.schema, outsidersScript))
}

/**
 * Let a role read what the claims of a checked token name, such as Supabase's `authenticated`. Only
 * for a role in whose name nobody can write SQL of their own: claims are settings.
 *
 * @throws {LonghaulError} `invalid_configuration` when there is no such role, or one that sees more
 */
export async function grantClaims(db: OwnDatabase, role: string): Promise<void> {
  await refuseRole(db, role, ['engine', 'reader'])
  await grant(db, 'claims', role)
}

/**
 * Let a role read the rows of one tenant, whatever SQL it writes.
 *
 * @throws {LonghaulError} `invalid_configuration` when there is no such role, or one that sees more
 */
export async function bindTenantRole(
  db: OwnDatabase,
  { role, tenantId, userId }: TenantRole,
): Promise<void> {
  await refuseRole(db, role, ['engine', 'reader', 'claims'])
  await db.run(
    sql`
      insert into longhaul.tenant_roles (role_name, tenant_id, user_id)
      values (${role}, ${tenantId}, ${userId ?? null})
      on conflict (role_name) do update set tenant_id = excluded.tenant_id, user_id = excluded.user_id`,
  )
  await grant(db, 'tenant', role)
}

/** Publish the public columns of jobs by logical replication, under this name; Supabase's is `supabase_realtime`. */
export async function publishJobs(db: OwnDatabase, publication: string): Promise<void> {
  const known = await runOne(
    db,
    sql<{ hasJobs: boolean }>`
      select exists (
        select from pg_publication_tables
        where pubname = ${publication} and schemaname = ${db.schema} and tablename = 'jobs'
      ) as has_jobs
      from pg_publication where pubname = ${publication}`,
  )
  const table = `${db.schema}.jobs (${publicJobColumns})`
  if (known?.hasJobs === true) return
  await runStatement(
    db,
    known === undefined
      ? `create publication %I for table ${table} with (publish = 'insert, update')`
      : `alter publication %I add table ${table}`,
    publication,
  )
}

/** Tell of each job that completes or fails on a channel. @returns its name, which no other schema's has */
export async function notifyTaskStatus(db: OwnDatabase): Promise<string> {
  const { schema } = db
  const channel = schema === defaultSchema ? 'task_status_change' : `${schema}_task_status_change`
  await db.runScript(inSchema(schema, taskStatusScript(channel)))
  return channel
}

/** A role that sees more by another way would be no tenant's role. */
async function refuseRole(db: OwnDatabase, role: string, kinds: readonly string[]): Promise<void> {
  const groups = kinds.map((kind) => `${db.schema}_${kind}`)
  const found = await runOne(
    db,
    sql<{ seesMore: boolean }>`
      select rolsuper or rolbypassrls or exists (
        select from unnest(${groups}::text[]) as group_name
        where pg_has_role(rolname, group_name::name, 'member')
      ) as sees_more
      from pg_roles where rolname = ${role}`,
  )
  if (found === undefined) {
    throw new LonghaulError(
      'invalid_configuration',
      `There is no role "${role}" on this Postgres, so nothing was granted to it. Create it before: create role "${role}" login password '…'.`,
    )
  }
  if (found.seesMore) {
    throw new LonghaulError(
      'invalid_configuration',
      `The role "${role}" passes row-level security by, or is a member of ${groups.join(' or ')}, and so sees more than one tenant's rows. Give the tenant a role without that.`,
    )
  }
}

async function grant(db: OwnDatabase, kind: string, role: string): Promise<void> {
  await runStatement(db, `grant ${db.schema}_${kind} to %I`, role)
}

/** Names of roles and publications cannot be parameters: Postgres itself quotes them. */
async function runStatement(db: OwnDatabase, template: string, name: string): Promise<void> {
  const quoted = await runOne(
    db,
    sql<{ statement: string }>`select format(${template}::text, ${name}::text) as statement`,
  )
  await db.runScript(quoted!.statement)
}
