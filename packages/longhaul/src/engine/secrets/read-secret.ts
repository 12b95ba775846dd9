import { type Database, findSecret } from '../../postgres/index.js'
import type { RunningJob } from '../worker/running-job.js'
import { untilAnswered } from '../worker/until-answered.js'
import type { Vault } from './vault.js'

/** Opens the secrets of running jobs. */
export type ReadSecret = (job: RunningJob, name: string) => Promise<string | undefined>

/** Only the claim that runs a job gets its secrets: whoever has lost it hears so instead. */
export function createSecretReader(db: Database, vault: Vault): ReadSecret {
  return async (job, name) => {
    const [found] = await untilAnswered(db, findSecret(job.claimed, name), [job])
    if (found === undefined) {
      job.stop('lease_lost')
      throw job.stopError()!
    }
    const { keyId, sealed } = found
    if (keyId === null || sealed === null) return undefined
    const { tenantId, id } = job.claimed
    return vault.open({ tenantId, jobId: id, name }, { keyId, sealed })
  }
}
