import { LonghaulError } from '../../core/index.js'
import { type Database, insertSecrets } from '../../postgres/index.js'
import { invalid } from '../enqueue/enqueue-options.js'
import { checkSecrets, type Secrets } from './check-secrets.js'
import type { Vault } from './vault.js'

/** A job that is retried, with the names of the secrets that it had. */
export interface Retried {
  readonly tenantId: string
  readonly id: string
  readonly secretNames: readonly string[] | null
}

/**
 * Give jobs that are retried their secrets again, inside the transaction that retries them: each
 * gets those of its names.
 *
 * @throws {LonghaulError} `secret_required`, `invalid_input`, `secrets_unavailable`
 */
export async function supplySecrets(
  tx: Database,
  vault: Vault,
  jobs: readonly Retried[],
  secrets: Secrets,
): Promise<void> {
  const names = new Set(jobs.flatMap(({ secretNames }) => secretNames ?? []))
  const missing = [...names].filter((name) => !Object.hasOwn(secrets, name)).sort()
  if (missing.length > 0) throw secretRequired(missing)
  const issues = checkSecrets(secrets)
  for (const name of Object.keys(secrets)) {
    if (names.has(name) || issues.length > 0) continue
    const message = 'was not among the secrets that the job had'
    issues.push({ pointer: `/secrets/${name}`, code: 'unknown_secret', message })
  }
  if (issues.length > 0) throw invalid(issues, 'The job was not retried')
  const rows = jobs.flatMap(({ tenantId, id: jobId, secretNames }) =>
    (secretNames ?? []).map((name) => ({
      tenantId,
      jobId,
      ...vault.seal({ tenantId, jobId, name }, secrets[name]!),
    })),
  )
  if (rows.length > 0) await tx.run(insertSecrets(rows))
}

function secretRequired(names: readonly string[]): LonghaulError {
  return new LonghaulError(
    'secret_required',
    `The job had secrets, which were erased when it ended, so it was not retried. Send again: ${names.join(', ')}.`,
    {
      issues: names.map((name) => ({
        pointer: `/secrets/${name}`,
        code: 'required',
        message: 'has to be given again',
      })),
    },
  )
}
