import { randomFillSync } from 'node:crypto'
import { uuidV7 } from '../core/index.js'

const bytesOfAnId = 10
/** Randomness for many ids at once: asking for it costs more than an id. */
const pool = new Uint8Array(bytesOfAnId * 400)
let used = pool.length

/** A new id for a job or a schedule. */
export function makeId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const random = pool.subarray(used, used + bytesOfAnId)
  used += bytesOfAnId
  return uuidV7(Date.now(), random)
}
