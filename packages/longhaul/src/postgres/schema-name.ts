/**
 * Everything that Longhaul has in a database is in one schema, `longhaul` unless the app says otherwise, and
 * whatever is outside of it begins with the schema's name: the schema of views, the roles, the channel of hints.
 * All SQL is written for `longhaul`, and is put into another schema in one place, where a text goes to
 * Postgres (docs/adr/0019). Values are parameters and never text, so a text holds no words but ours.
 */
import { createHash } from 'node:crypto'
import { LonghaulError } from '../core/index.js'

export const defaultSchema = 'longhaul'

/** So that the longest name that begins with it, of the channel for a task's status, has no more than 63 characters. */
const maxLength = 40

/** Not the settings `longhaul.tenant` and `longhaul.user`: they say who asks, and are called the same everywhere. */
const ownNames = /\blonghaul(?=\b|_(?:api|claims|engine|reader|tenant)\b)(?!\.(?:tenant|user)')/g

/** A statement's text as it is in this schema. */
export function inSchema(schema: string, text: string): string {
  return schema === defaultSchema ? text : text.replace(ownNames, schema)
}

/**
 * A name that begins with `longhaul` is no schema of the app's own, nor a key word, and whoever lists the
 * schemas of a database sees whose they are.
 *
 * @throws {LonghaulError} `invalid_configuration`
 */
export function parseSchema(name: string): string {
  const fits = /^longhaul(?:_[a-z0-9_]*[a-z0-9])?$/.test(name) && name.length <= maxLength
  if (fits && !name.endsWith('_api')) return name
  throw new LonghaulError(
    'invalid_configuration',
    `The schema cannot be called ${JSON.stringify(name)}. Give a name such as "longhaul_pr_12": "longhaul_" and then lower-case letters, ` +
      `digits and "_", at most ${maxLength} characters together, and not "_api" at the end, which is for the views.`,
  )
}

/**
 * The schema of a branch's preview. It has a part of the branch's name to be known by, and of its hash, so
 * that two branches never have the same.
 *
 * @throws {LonghaulError} `invalid_configuration` when there is no name, so that nobody else's jobs are taken
 * @example
 * const schema = schemaOfBranch('feature/New_Checkout') // longhaul_feature_new_checkout_d10fc0
 */
export function schemaOfBranch(branch: string): string {
  if (branch === '') {
    throw new LonghaulError(
      'invalid_configuration',
      'The branch has no name, so there is no schema for it. Look whether the variable that holds it is set here.',
    )
  }
  const hash = createHash('sha256').update(branch).digest('hex').slice(0, 6)
  const words = branch.toLowerCase().match(/[a-z0-9]+/g) ?? []
  const room = maxLength - `${defaultSchema}_`.length - `_${hash}`.length
  return [defaultSchema, ...words.join('_').slice(0, room).split('_').filter(Boolean), hash].join(
    '_',
  )
}
