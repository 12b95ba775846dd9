import type { NewJob } from '../../postgres/index.js'

/** About how much a row adds to the statement that inserts it, in bytes. */
export function sizeOfRow({ input, metadata = '', secrets = [] }: NewJob): number {
  const sealed = secrets.reduce((sum, secret) => sum + secret.sealed.length, 0)
  return input.length + metadata.length + sealed
}
