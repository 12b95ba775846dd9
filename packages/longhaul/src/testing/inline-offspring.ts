import { asRequest, type JobServices, type Secrets } from '../engine/index.js'
import type { NewJob, StepPulse } from '../postgres/index.js'
import type { Family } from './inline-family.js'

export interface InlineChild {
  readonly row: NewJob
  readonly secrets: Secrets
  /** The step of its parent that waits for it. */
  readonly step: StepPulse
}

/** How a job run inline has others made: in its family. */
export function createInlineOffspring(
  family: Family,
  onBorn: (child: InlineChild) => void,
): JobServices['offspring'] {
  const secretsOf = new Map<string, Secrets>()
  return {
    async request(type, input, { secrets = {}, ...options }) {
      const { row } = await asRequest(family, type, input, options)
      secretsOf.set(row.id, secrets)
      return row
    },
    async insert(_parent, children) {
      for (const child of children) onBorn({ ...child, secrets: secretsOf.get(child.row.id)! })
    },
  }
}
