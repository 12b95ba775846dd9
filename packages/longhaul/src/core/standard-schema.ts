import type { StandardSchemaV1 } from '@standard-schema/spec'
import { escapePointer } from './encode-json.js'
import type { Issue } from './errors.js'

/** Any schema of the Standard Schema family: zod, valibot, arktype, … (standardschema.dev). */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>

export type SchemaInput<S extends Schema> = StandardSchemaV1.InferInput<S>
export type SchemaOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Ask the schema; issues come back with RFC 6901 pointers below `base`. */
export async function parseWith<S extends Schema>(
  schema: S,
  value: unknown,
  base: string,
): Promise<Parsed<SchemaOutput<S>>> {
  const result = await schema['~standard'].validate(value)
  if (result.issues === undefined) return { ok: true, value: result.value as SchemaOutput<S> }
  return { ok: false, issues: result.issues.map((issue) => asIssue(issue, base)) }
}

function asIssue(issue: StandardSchemaV1.Issue, base: string): Issue {
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part))
  const pointer = path.reduce<string>((text, key) => `${text}/${escapePointer(String(key))}`, base)
  return { pointer, code: 'invalid', message: issue.message }
}
