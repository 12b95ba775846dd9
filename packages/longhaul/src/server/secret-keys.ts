import { isName, LonghaulError } from '../core/index.js'
import type { SecretKey } from '../engine/index.js'

/** A key with which secrets are sealed, and the name by which they refer to it. */
export interface SecretKeyOption {
  /** 1 to 64 of a-z, 0-9, ".", "_" and "-". Another key gets another id. */
  readonly id: string
  /** 32 random bytes: as they are, or as text in base64 (`openssl rand -base64 32`) or in hex. */
  readonly key: Uint8Array | string
}

const keyBytes = 32

/** @throws {LonghaulError} `invalid_configuration`, which never repeats a key */
export function parseSecretKeys(options: readonly SecretKeyOption[]): readonly SecretKey[] {
  const keys = options.map(({ id, key }, n) => {
    if (!isName(id)) throw invalid(n, 'has an id that is not 1 to 64 of a-z, 0-9, ".", "_" and "-"')
    const bytes = typeof key === 'string' ? decoded(key) : key
    if (bytes?.length !== keyBytes) throw invalid(n, `is not ${keyBytes} bytes`)
    return { id, key: bytes }
  })
  const twice = keys.findIndex(({ id }, n) => keys.findIndex((each) => each.id === id) !== n)
  if (twice >= 0) throw invalid(twice, `has the id "${keys[twice]!.id}" of another`)
  return keys
}

function decoded(text: string): Uint8Array | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64')
  return undefined
}

function invalid(n: number, why: string): LonghaulError {
  return new LonghaulError(
    'invalid_configuration',
    `secretKeys[${n}] ${why}. Give { id: 'k1', key } with 32 random bytes, such as \`openssl rand -base64 32\` prints.`,
  )
}
