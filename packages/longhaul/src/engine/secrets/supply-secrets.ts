import { type Issue, LonghaulError } from '../../core/index.js'
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
  const wrong = checkSecrets(secrets)
  if (wrong.length > 0) throw invalid(wrong, 'The job was not retried')
  const names = new Set(jobs.flatMap(({ secretNames }) => secretNames ?? []))
  const missing = [...names].filter((name) => !Object.hasOwn(secrets, name)).sort()
  if (missing.length > 0) throw secretRequired(missing)
  const unknown = Object.keys(secrets).filter((name) => !names.has(name))
  if (unknown.length > 0) throw invalid(unknown.map(unknownSecret), 'The job was not retried')
  const rows = jobs.flatMap(({ tenantId, id: jobId, secretNames }) =>
    (secretNames ?? []).map((name) => ({
      tenantId,
      jobId,
      ...vault.seal({ tenantId, jobId, name }, secrets[name]!),
    })),
  )
  if (rows.length > 0) await tx.run(insertSecrets(rows))
}

function unknownSecret(name: string): Issue {
  const message = 'was not among the secrets that the job had'
  return { pointer: `/secrets/${name}`, code: 'unknown_secret', message }
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
