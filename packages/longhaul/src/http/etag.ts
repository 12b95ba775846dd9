import type { Job } from '../core/index.js'

/** The version of an answer: the job's own, in its epoch, with what else the answer holds. */
export function etagOf(
  job: Pick<Job, 'createdAt' | 'version'>,
  epoch: string,
  include: readonly string[] = [],
): string {
  return `"${epoch}/${job.createdAt}/${job.version}/${[...include].sort().join('+')}"`
}

/** Whether `If-None-Match` names this version (RFC 9110 §13.1.2). */
export function isKnown(request: Request, etag: string): boolean {
  const header = request.headers.get('if-none-match')
  if (header === null) return false
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
