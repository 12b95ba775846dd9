import { encodeJson, isJobId, type Job, limits } from '../core/index.js'
import { cancelJob, type Hints, type OwnDatabase, readEpoch, retryJob } from '../postgres/index.js'
import { changeJob } from './change-job.js'
import { recountBatches } from './batches/recount-batches.js'
import { cancelDescendants, retryDescendants } from './children/descendants.js'
import { invalidState, notFound } from './job-errors.js'
import type { Jobs } from './jobs.js'
import { supplySecrets } from './secrets/supply-secrets.js'
import type { Vault } from './secrets/vault.js'

/** What a person does to a job, and by it to all that the job has spawned. */
export function createCancelAndRetry({
  db,
  hints,
  vault,
}: {
  readonly db: OwnDatabase
  readonly hints: Hints
  readonly vault: Vault
}): Pick<Jobs, 'cancel' | 'retry'> {
  return {
    async cancel({ principal, id, reason: given, metadata }) {
      if (!isJobId(id)) throw notFound(id)
      const reason = given?.slice(0, limits.reasonCharacters)
      const query = cancelJob({
        principal,
        id,
        reason,
        metadata:
          metadata === undefined
            ? undefined
            : encodeJson(metadata, { what: 'the metadata', maxBytes: limits.metadataBytes }),
      })
      const request = { requestedBy: principal.userId, reason }
      const { row, followed: children } = await changeJob(
        db,
        { principal, id },
        query,
        ({ tenantId, accepted }, tx) =>
          accepted ? cancelDescendants(tx, { tenantId, ids: [id] }, request) : [],
      )
      // The epoch may have to be made, but the change must not be made twice.
      const { tenantId, workerId, accepted, epoch, ...job } = row
      if (!accepted && job.status !== 'cancelled') throw invalidState(job, 'cancel')
      if (accepted) {
        const workers = [workerId, ...children.map((child) => child.workerId)]
        hints.send({
          jobs: [{ tenantId, id }, ...children],
          workers: workers.filter((each) => each !== null),
          children: children.length > 0 || job.parentId !== null,
          cleanups: true,
        })
      }
      return { value: job as Job, epoch: epoch ?? (await readEpoch(db)) }
    },

    async retry(principal, id, { secrets = {} } = {}) {
      if (!isJobId(id)) throw notFound(id)
      const { row, followed: children } = await changeJob(
        db,
        { principal, id },
        retryJob(principal, id),
        async ({ tenantId, accepted, secretNames, itemCount }, tx) => {
          if (!accepted) return []
          const roots = { tenantId, ids: [id] }
          const retried = await retryDescendants(tx, roots, { withSecrets: true })
          await recountBatches(tx, [{ tenantId, id, itemCount }])
          await supplySecrets(tx, vault, [{ tenantId, id, secretNames }, ...retried], secrets)
          return retried
        },
      )
      const { tenantId, accepted, epoch, secretNames: _, itemCount: __, ...job } = row
      if (!accepted) throw invalidState(job, 'retry')
      hints.send({
        jobs: [{ tenantId, id }, ...children],
        queues: [job.queue, ...children.map(({ queue }) => queue)],
      })
      return { value: job as Job, epoch: epoch ?? (await readEpoch(db)) }
    },
  }
}
