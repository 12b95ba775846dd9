import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment.js'

describe('the environment', () => {
  it('has defaults for everything, and takes empty for unset', () => {
    const usual = {
      port: 3000,
      dataDirectory: resolve('.longhaul'),
      databaseUrl: undefined,
      model: undefined,
      backendUrl: undefined,
      provider: undefined,
    }
    expect(readEnvironment({})).toEqual(usual)
    expect(
      readEnvironment({ PORT: '', LONGHAUL_DATA: '', DATABASE_URL: '', STUDIO_MODEL_URL: '' }),
    ).toEqual(usual)
  })

  it('is taken as it is', () => {
    expect(
      readEnvironment({
        PORT: '0',
        LONGHAUL_DATA: '/srv/longhaul',
        DATABASE_URL: 'postgres://app@db:5432/app',
        STUDIO_MODEL_URL: 'http://127.0.0.1:11434/v1',
        STUDIO_MODEL: 'small',
        STUDIO_MODEL_KEY: 'secret',
        STUDIO_PROVIDER_URL: 'https://api.example.com/v1',
        STUDIO_PROVIDER_MODEL: 'large',
        STUDIO_SECRET_KEY: 'sealing',
      }),
    ).toEqual({
      port: 0,
      dataDirectory: '/srv/longhaul',
      databaseUrl: 'postgres://app@db:5432/app',
      model: { url: 'http://127.0.0.1:11434/v1', model: 'small', key: 'secret' },
      provider: { url: 'https://api.example.com/v1', model: 'large', secretKey: 'sealing' },
    })
  })

  it.each<[string, Record<string, string>]>([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '30.5' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://app:hunter2@db/app' }],
    ['DATABASE_URL', { DATABASE_URL: 'hunter2' }],
    ['STUDIO_MODEL_URL', { STUDIO_MODEL_URL: 'ftp://hunter2', STUDIO_MODEL: 'small' }],
    ['STUDIO_PROVIDER_URL', { STUDIO_PROVIDER_URL: 'hunter2' }],
    [
      'STUDIO_SECRET_KEY',
      { STUDIO_PROVIDER_URL: 'https://hunter2/v1', STUDIO_PROVIDER_MODEL: 'm' },
    ],
    [
      'STUDIO_PROVIDER_MODEL',
      { STUDIO_PROVIDER_URL: 'https://a/v1', STUDIO_SECRET_KEY: 'hunter2' },
    ],
    ['STUDIO_MODEL', { STUDIO_MODEL_URL: 'http://127.0.0.1/v1', STUDIO_MODEL_KEY: 'hunter2' }],
  ])('with a wrong %s stops the start, in one sentence that repeats no secret', (name, env) => {
    expect(() => readEnvironment(env)).toThrow(
      expect.objectContaining({ name: 'StartError', message: expect.stringContaining(name) }),
    )
    expect(() => readEnvironment(env)).not.toThrow('hunter2')
  })
})
