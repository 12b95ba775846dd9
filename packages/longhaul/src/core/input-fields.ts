/** Fields of the input by which jobs can be found: those that the job type names, with simple values. */
import { LonghaulError } from './errors.js'
import type { Json } from './json.js'
import { limits } from './limits.js'
import { utf8Bytes } from './names.js'

/** What a field can be compared with. */
export type FieldValue = string | number | boolean | null

/** `contactId`, or `contact.id` for a field inside of another. */
export const fieldPathPattern: RegExp = /^[A-Za-z_][\w-]{0,63}(?:\.[A-Za-z_][\w-]{0,63}){0,3}$/

/** What is at a path, or `undefined`. Of the value's own fields only. */
export function fieldAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
          ? (inner as Record<string, unknown>)[name]
          : undefined,
      value,
    )
}

/** How a field and its value are stored, and asked for. */
export function fieldEntry(path: string, value: FieldValue): string {
  return `${path}=${JSON.stringify(value)}`
}

/** The entries of an input. A field that is absent, no simple value or too long has none. */
export function fieldEntries(input: Json, paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const value = fieldAt(input, path)
    return isFieldValue(value) ? [fieldEntry(path, value)] : []
  })
}

function isFieldValue(value: unknown): value is FieldValue {
  if (typeof value === 'string') return utf8Bytes(value) <= limits.fieldValueBytes
  return value === null || typeof value === 'number' || typeof value === 'boolean'
}

/** @throws {LonghaulError} `invalid_configuration` */
export function parseFilterBy(type: string, paths: readonly string[] = []): readonly string[] {
  const isValid = paths.every((path) => fieldPathPattern.test(path))
  if (isValid && paths.length <= limits.fieldsPerType) return paths
  throw new LonghaulError(
    'invalid_configuration',
    `${type}: filterBy is ${JSON.stringify(paths)}. Name at most ${limits.fieldsPerType} fields of the input, such as "contactId" or "contact.id".`,
  )
}
