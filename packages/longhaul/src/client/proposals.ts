import type { Job } from '../core/index.js'
import type { WindowFrame } from '../protocol/index.js'

/** Jobs that were asked for here: they are shown where they belong before the server has answered. */
export interface Proposals {
  begin(id: string): void
  /** The server has answered. @returns whether meanwhile it had said that there is no such job */
  answered(id: string): { readonly wasDenied: boolean }
  isPending(id: string): boolean
  /** The server says that there is no such job: it cannot know yet of one that it is just being asked for. */
  deny(id: string): void
  has(id: string): boolean
  /** From when a window of the server has a job, the window says where the job is. */
  heard(window: WindowFrame): void
  /** Those of which a window has not heard, oldest first. */
  unheardBy(window: WindowFrame): string[]
  /** From now on the windows of the server alone say where it is. */
  forget(id: string): void
}

interface Proposal {
  pending: boolean
  denied: boolean
  /** The windows that have had it since. */
  readonly heard: Set<string>
}

export function createProposals(): Proposals {
  const proposals = new Map<string, Proposal>()
  return {
    begin: (id) => void proposals.set(id, { pending: true, denied: false, heard: new Set() }),
    answered(id) {
      const proposal = proposals.get(id)
      if (proposal !== undefined) proposal.pending = false
      return { wasDenied: proposal?.denied === true }
    },
    deny(id) {
      const proposal = proposals.get(id)
      if (proposal !== undefined) proposal.denied = true
    },
    isPending: (id) => proposals.get(id)?.pending === true,
    has: (id) => proposals.has(id),
    heard(window) {
      for (const id of window.ids) proposals.get(id)?.heard.add(window.key)
    },
    unheardBy: ({ key, ids }) =>
      [...proposals]
        .filter(([id, { heard }]) => !heard.has(key) && !ids.includes(id))
        .map(([id]) => id),
    forget: (id) => void proposals.delete(id),
  }
}

/**
 * The jobs of a window, newest first, with those that it has not heard of in their places. What the
 * server has not answered for yet is the newest of all: its time is the client's own.
 */
export function withProposed(
  members: readonly Job[],
  proposed: readonly Job[],
  limit: number,
): readonly Job[] {
  const jobs = [...members]
  for (const job of proposed) {
    const at = job.version === 0 ? 0 : jobs.findIndex(({ createdAt }) => createdAt <= job.createdAt)
    jobs.splice(at < 0 ? jobs.length : at, 0, job)
  }
  return jobs.slice(0, limit)
}
