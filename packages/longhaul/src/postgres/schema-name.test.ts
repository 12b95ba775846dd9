import { describe, expect, it } from 'vitest'
import { migrations } from './migrations.js'
import { inSchema, parseSchema, schemaOfBranch } from './schema-name.js'

describe('the name of a schema', () => {
  it('begins with longhaul and is a plain identifier', () => {
    for (const name of ['longhaul', 'longhaul_pr_12', 'longhaul_2', `longhaul_${'x'.repeat(31)}`])
      expect(parseSchema(name)).toBe(name)
    for (const name of [
      '',
      'public',
      'Longhaul',
      'longhaul_',
      'longhaul_PR',
      'longhaul-pr',
      'longhaul_a.b',
      'longhaul_a"; drop schema public; --',
      'longhaul_pr_api',
      `longhaul_${'x'.repeat(32)}`,
    ])
      expect(() => parseSchema(name), name).toThrow(
        expect.objectContaining({ code: 'invalid_configuration' }),
      )
  })

  it('of a branch is one that can be used, and no two branches share it', () => {
    const branches = [
      'feature/New Checkout',
      'feature/new_checkout',
      'feature/new-checkout',
      'renovate/a-name-that-is-much-longer-than-a-schema-may-be',
      'Ä🦆',
      '_',
      'api',
    ]
    const schemas = branches.map((branch) => schemaOfBranch(branch))
    expect(new Set(schemas).size).toBe(branches.length)
    for (const schema of schemas) expect(parseSchema(schema)).toBe(schema)
    expect(schemas[0]).toMatch(/^longhaul_feature_new_checkout_[0-9a-f]{6}$/)
    expect(() => schemaOfBranch('')).toThrow('The branch has no name')
  })
})

describe('a text in another schema', () => {
  it('has all names of ours there, and leaves the settings alone, which say who asks', () => {
    const text = `
      create schema longhaul; select longhaul.epoch() from longhaul.jobs, longhaul_api.jobs;
      grant usage on schema longhaul to longhaul_engine, longhaul_reader; notify longhaul;
      select current_setting('longhaul.tenant', true), current_setting('longhaul.user', true)`
    expect(inSchema('longhaul_pr_12', text)).toBe(`
      create schema longhaul_pr_12; select longhaul_pr_12.epoch() from longhaul_pr_12.jobs, longhaul_pr_12_api.jobs;
      grant usage on schema longhaul_pr_12 to longhaul_pr_12_engine, longhaul_pr_12_reader; notify longhaul_pr_12;
      select current_setting('longhaul.tenant', true), current_setting('longhaul.user', true)`)
    expect(inSchema('longhaul', text)).toBe(text)
  })

  it('is left with nothing of the default one by any migration', () => {
    for (const { name, text } of migrations) {
      const rest = inSchema('longhaul_x', text).matchAll(/\blonghaul(?!_x\b|_x_)\S*/g)
      expect(
        [...rest].map(([word]) => word).filter((word) => !/\.(tenant|user)'/.test(word)),
        name,
      ).toEqual([])
    }
  })
})
