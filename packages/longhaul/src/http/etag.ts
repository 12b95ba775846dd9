import { createHash } from 'node:crypto'
import type { Job } from '../core/index.js'

/** The version of an answer: the job's own, in its epoch, with what else the answer holds. */
export function etagOf(job: Job, epoch: string, include: readonly string[]): string {
  const parts = [epoch, job.id, job.createdAt, job.version, [...include].sort().join()]
  return `"${createHash('sha256').update(parts.join(' ')).digest('base64url').slice(0, 22)}"`
}

/** Whether `If-None-Match` names this version (RFC 9110 §13.1.2). */
export function isKnown(request: Request, etag: string): boolean {
  const header = request.headers.get('if-none-match')
  if (header === null) return false
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
