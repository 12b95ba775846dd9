import { createHash } from 'node:crypto'
import type { Json } from '../../core/index.js'

/** SHA-256 of a request's canonical JSON: the same request in another order of members is the same. */
export function fingerprintOf(request: Json): string {
  return createHash('sha256').update(canonical(request)).digest('hex')
}

/** JSON with the members of every object in the order of their names, as in RFC 8785. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value as Record<string, Json>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
  return `{${members.join(',')}}`
}
