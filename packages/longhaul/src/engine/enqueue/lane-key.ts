import { createHash } from 'node:crypto'
import { isForeignId } from '../../core/index.js'

/** A job's key as the name of a lane: one that is too long for it, or no text for Postgres, by its SHA-256. */
export function laneKeyOf(key: string | undefined): string {
  if (key === undefined || isForeignId(key)) return key ?? ''
  return createHash('sha256').update(key).digest('hex')
}
