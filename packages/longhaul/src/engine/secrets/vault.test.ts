import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createVault, type SecretPlace } from './vault.js'

const place: SecretPlace = { tenantId: 'acme', jobId: 'j1', name: 'openai' }
const newKey = (id: string) => ({ id, key: randomBytes(32) })

describe('a vault', () => {
  it('opens what it has sealed, and seals the same text differently each time', () => {
    const vault = createVault([newKey('k1')])
    const [first, again] = [vault.seal(place, 'sk-ä-1'), vault.seal(place, 'sk-ä-1')]
    expect(vault.open(place, first)).toBe('sk-ä-1')
    expect(first).toMatchObject({ name: 'openai', keyId: 'k1' })
    expect(first.sealed).not.toBe(again.sealed)
  })

  it.each<Partial<SecretPlace>>([{ tenantId: 'globex' }, { jobId: 'j2' }, { name: 'other' }])(
    'does not open a secret that was moved to %o',
    (moved) => {
      const vault = createVault([newKey('k1')])
      const secret = vault.seal(place, 'sk-1')
      expect(() => vault.open({ ...place, ...moved }, secret)).toThrowError(
        expect.objectContaining({ code: 'secrets_unavailable' }),
      )
    },
  )

  it('does not open what was changed, cut off, or sealed with another key of that name', () => {
    const vault = createVault([newKey('k1')])
    const secret = vault.seal(place, 'sk-1')
    const bytes = Buffer.from(secret.sealed, 'base64')
    bytes[bytes.length - 1]! ^= 1
    for (const sealed of [bytes.toString('base64'), secret.sealed.slice(0, 8), ''])
      expect(() => vault.open(place, { ...secret, sealed })).toThrowError(/cannot be opened/)
    expect(() => createVault([newKey('k1')]).open(place, secret)).toThrowError(/cannot be opened/)
  })

  it('seals with the first key and opens with all', () => {
    const [old, young] = [newKey('k1'), newKey('k2')]
    const before = createVault([old]).seal(place, 'sk-1')
    const vault = createVault([young, old])
    expect(vault.open(place, before)).toBe('sk-1')
    expect(vault.seal(place, 'sk-2').keyId).toBe('k2')
    expect(() => createVault([young]).open(place, before)).toThrowError(/key "k1"/)
    expect(() => createVault([]).seal(place, 'sk-1')).toThrowError(/secretKeys/)
  })
})
