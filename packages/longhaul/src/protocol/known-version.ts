/**
 * What a reader has of a job, as it goes over the wire: `version@createdAt`. The time of creation
 * is there because a deleted id can be made again: version 1 of the new job is not older than
 * version 7 of the one before.
 */
export interface Versioned {
  readonly version: number
  readonly createdAt: string
}

export function formatKnownVersion({ version, createdAt }: Versioned): string {
  return `${version}@${createdAt}`
}

/** Whether a reader who has `known` needs this state of the job. Garbage counts as knowing nothing. */
export function isNews(job: Versioned, known: string | undefined): boolean {
  if (known === undefined) return true
  const [, version, createdAt] = /^(\d{1,10})@(.+)$/.exec(known) ?? []
  return createdAt !== job.createdAt || Number(version) < job.version
}

/** Whether the reader's `known` is of this very job and not of one that had the id before. */
export function isSameJob(job: Versioned, known: string | undefined): boolean {
  return known !== undefined && known.endsWith(`@${job.createdAt}`) && /^\d{1,10}@/.test(known)
}
