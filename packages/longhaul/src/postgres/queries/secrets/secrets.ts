import { type Query, sql } from '../../sql.js'
import type { JobKey } from '../jobs/find-jobs.js'
import type { HeldJob } from '../work/pulse-jobs.js'

/** A secret as it is stored. Only whoever has the key of that id can open it. */
export interface SealedSecret {
  readonly name: string
  readonly keyId: string
  readonly sealed: string
}

export type SecretOfJob = SealedSecret & { readonly tenantId: string; readonly jobId: string }

/** Give jobs that are retried their secrets anew. Inside the transaction that retries them. */
export function insertSecrets(secrets: readonly SecretOfJob[]): Query<never> {
  return sql`
    insert into longhaul.secrets (tenant_id, job_id, name, key_id, sealed)
    select * from unnest(
      ${secrets.map(({ tenantId }) => tenantId)}::text[], ${secrets.map(({ jobId }) => jobId)}::uuid[],
      ${secrets.map(({ name }) => name)}::text[], ${secrets.map(({ keyId }) => keyId)}::text[],
      ${secrets.map(({ sealed }) => sealed)}::text[]
    )`
}

export interface FoundSecret {
  /** Null: the job has none of that name. */
  readonly keyId: string | null
  readonly sealed: string | null
}

/** A secret of a job for the claim that runs it. No row: the job is another claim's now, or has settled. */
export function findSecret({ tenantId, id, fence }: HeldJob, name: string): Query<FoundSecret> {
  return sql`
    select secret.key_id, secret.sealed
    from longhaul.jobs as job
    left join longhaul.secrets as secret
      on secret.tenant_id = job.tenant_id and secret.job_id = job.id and secret.name = ${name}
    where job.tenant_id = ${tenantId} and job.id = ${id}
      and job.fence = ${fence} and job.status = 'running'`
}

/** Lock secrets that other keys than this one have sealed, at most `limit`; only with keys of `keyIds`. */
export function lockSecretsToReseal(
  firstKeyId: string,
  keyIds: readonly string[],
  limit: number,
): Query<SecretOfJob> {
  return sql`
    select tenant_id, job_id, name, key_id, sealed
    from longhaul.secrets
    where key_id <> ${firstKeyId} and key_id = any(${keyIds})
    limit ${limit}
    for update skip locked`
}

/** Replace secrets by the same, sealed with another key. Lock them first (lockSecretsToReseal). */
export function resealSecrets(secrets: readonly SecretOfJob[]): Query<JobKey> {
  return sql`
    update longhaul.secrets as secret
    set key_id = resealed.key_id, sealed = resealed.sealed
    from unnest(
      ${secrets.map(({ tenantId }) => tenantId)}::text[], ${secrets.map(({ jobId }) => jobId)}::uuid[],
      ${secrets.map(({ name }) => name)}::text[], ${secrets.map(({ keyId }) => keyId)}::text[],
      ${secrets.map(({ sealed }) => sealed)}::text[]
    ) as resealed(tenant_id, job_id, name, key_id, sealed)
    where secret.tenant_id = resealed.tenant_id and secret.job_id = resealed.job_id
      and secret.name = resealed.name
    returning secret.tenant_id, secret.job_id as id`
}

/** How many secrets each key has sealed. */
export function countSecrets(): Query<{ readonly keyId: string; readonly count: number }> {
  return sql`
    select key_id, count(*)::integer as count from longhaul.secrets group by key_id order by key_id`
}
