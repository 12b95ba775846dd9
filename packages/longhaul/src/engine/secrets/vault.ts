import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { LonghaulError } from '../../core/index.js'
import type { SealedSecret } from '../../postgres/index.js'

/** A key of the app's own, with the name by which stored secrets refer to it. */
export interface SecretKey {
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

/** What a sealed secret belongs to. In another place it does not open. */
export interface SecretPlace {
  readonly tenantId: string
  readonly jobId: string
  readonly name: string
}

export interface Vault {
  /** The keys' ids; the first one seals. */
  readonly keyIds: readonly string[]
  /** @throws {LonghaulError} `secrets_unavailable` when the app has no key */
  seal(place: SecretPlace, value: string): SealedSecret
  /** @throws {LonghaulError} `secrets_unavailable` when the key is not here, or it is not what was sealed */
  open(place: SecretPlace, secret: Pick<SealedSecret, 'keyId' | 'sealed'>): string
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** Seals with the first of the keys, and opens what any of them has sealed. */
export function createVault(keys: readonly SecretKey[]): Vault {
  const byId = new Map(keys.map(({ id, key }) => [id, key]))
  return {
    keyIds: [...byId.keys()],

    seal(place, value) {
      const [first] = keys
      if (first === undefined) throw noKeys()
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, first.key, nonce)
      cipher.setAAD(boundTo(place, first.id))
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
      const sealed = Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
      return { name: place.name, keyId: first.id, sealed }
    },

    open(place, { keyId, sealed }) {
      const key = byId.get(keyId)
      if (key === undefined) throw keyMissing(place, keyId)
      const bytes = Buffer.from(sealed, 'base64')
      const text = bytes.subarray(nonceBytes + tagBytes)
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
        decipher.setAAD(boundTo(place, keyId))
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
      } catch (error) {
        throw notOpened(place, keyId, error)
      }
    },
  }
}

/** As JSON, so that no two places have the same bytes. */
function boundTo({ tenantId, jobId, name }: SecretPlace, keyId: string): Buffer {
  return Buffer.from(JSON.stringify(['longhaul secret', 1, keyId, tenantId, jobId, name]))
}

function noKeys(): LonghaulError {
  return new LonghaulError(
    'secrets_unavailable',
    'The job was to carry secrets, but the app has no key to seal them with, so it was not enqueued. Give secretKeys to createLonghaul.',
  )
}

function keyMissing({ name }: SecretPlace, keyId: string): LonghaulError {
  return new LonghaulError(
    'secrets_unavailable',
    `The secret "${name}" was sealed with the key "${keyId}", which this process does not have. Add it to secretKeys, after the one that seals.`,
  )
}

function notOpened({ name }: SecretPlace, keyId: string, cause: unknown): LonghaulError {
  return new LonghaulError(
    'secrets_unavailable',
    `The secret "${name}" cannot be opened with the key "${keyId}": that is another key of the same name, or the row was changed.`,
    { cause },
  )
}
