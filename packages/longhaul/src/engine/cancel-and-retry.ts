import { encodeJson, isJobId, type Job, limits } from '../core/index.js'
import { cancelJob, type Hints, type OwnDatabase, readEpoch, retryJob } from '../postgres/index.js'
import { asReason } from './as-reason.js'
import { changeJob } from './change-job.js'
import { recountBatches } from './batches/recount-batches.js'
import { childrenPerPiece } from './children/cascades.js'
import { cancelDescendants } from './children/cancel-descendants.js'
import { hintOfCancelled } from './children/hint-of-cancelled.js'
import { hintOfRetried } from './children/hint-of-retried.js'
import { retryDescendants } from './children/retry-descendants.js'
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
      const reason = asReason(given)
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
          accepted ? cancelDescendants(tx, { tenantId, ids: [id], ...request }) : [],
      )
      // The epoch may have to be made, but the change must not be made twice.
      const { tenantId, workerId, accepted, epoch, ...job } = row
      if (!accepted && job.status !== 'cancelled') throw invalidState(job, 'cancel')
      if (accepted) {
        hints.send({
          ...hintOfCancelled([{ tenantId, id, workerId }, ...children]),
          children: children.length > 0 || job.parentId !== null,
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
        async ({ tenantId, accepted, secretNames, needsSecrets, itemCount }, tx) => {
          if (!accepted) return []
          // Secrets are given to this call alone, so it has to come to all who had some.
          const most = needsSecrets ? Infinity : childrenPerPiece
          const retried = await retryDescendants(tx, { tenantId, ids: [id] }, most)
          await recountBatches(tx, [{ tenantId, id, itemCount }])
          await supplySecrets(tx, vault, [{ tenantId, id, secretNames }, ...retried], secrets)
          return retried
        },
      )
      const {
        tenantId,
        accepted,
        epoch,
        secretNames: _,
        needsSecrets: __,
        itemCount: ___,
        ...job
      } = row
      if (!accepted) throw invalidState(job, 'retry')
      hints.send(hintOfRetried([{ tenantId, id, queue: job.queue }, ...children]))
      return { value: job as Job, epoch: epoch ?? (await readEpoch(db)) }
    },
  }
}
