import {
  countSecrets,
  lockSecretsToReseal,
  type OwnDatabase,
  resealSecrets,
} from '../../postgres/index.js'
import type { Vault } from './vault.js'

/** The secrets of all jobs that have not settled, for whoever replaces the app's keys. */
export interface SecretStore {
  /** How many secrets are sealed with each key, by its id. A key that none is sealed with can be taken away. */
  countByKey(): Promise<Readonly<Record<string, number>>>
  /** Seal with the first key what other keys of this process have sealed. @returns how many were */
  reseal(): Promise<number>
}

const perPiece = 200

export function createSecretStore(db: OwnDatabase, vault: Vault): SecretStore {
  /** One transaction: a secret that its job's end erases meanwhile stays erased. */
  async function resealPiece(first: string): Promise<number> {
    return db.transaction(async (tx) => {
      const secrets = await tx.run(lockSecretsToReseal(first, vault.keyIds, perPiece))
      const resealed = secrets.map((secret) => ({
        ...secret,
        ...vault.seal(secret, vault.open(secret, secret)),
      }))
      if (resealed.length > 0) await tx.run(resealSecrets(resealed))
      return resealed.length
    })
  }

  return {
    async countByKey() {
      const rows = await db.run(countSecrets())
      return Object.fromEntries(rows.map(({ keyId, count }) => [keyId, count]))
    },
    async reseal() {
      const [first] = vault.keyIds
      if (first === undefined) return 0
      let done = 0
      for (;;) {
        const piece = await resealPiece(first)
        done += piece
        if (piece < perPiece) return done
      }
    },
  }
}
