import type { Job } from './job.js'
import type { JobDefinition } from './define-job.js'
import type { SchemaInput, SchemaOutput } from './standard-schema.js'

/** The jobs of an app by type: what its callers give and get. */
export type JobTypes = {
  readonly [type: string]: { readonly input: unknown; readonly result: unknown }
}

/** The job types of a list of definitions. */
export type JobTypesOf<Definitions extends readonly JobDefinition[]> = {
  readonly [D in Definitions[number] as D['type']]: {
    readonly input: SchemaInput<D['input']>
    readonly result: SchemaOutput<D['result']>
  }
}

/**
 * Tell the client and the hooks which job types the app has. Without it they take any name and
 * any JSON.
 *
 * @example
 * declare module 'longhaul' {
 *   interface Register { longhaul: typeof import('./server.js').longhaul }
 * }
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- an interface, so that apps can add to it
export interface Register {}

export type RegisteredJobTypes = Register extends { readonly longhaul: { readonly types: infer T } }
  ? T
  : JobTypes

export type JobTypeName = Extract<keyof RegisteredJobTypes, string>

export type InputOf<Type extends string> = Type extends keyof RegisteredJobTypes
  ? RegisteredJobTypes[Type] extends { readonly input: infer I }
    ? I
    : never
  : unknown

export type ResultOf<Type extends string> = Type extends keyof RegisteredJobTypes
  ? RegisteredJobTypes[Type] extends { readonly result: infer R }
    ? R
    : never
  : unknown

/** A job of one registered type. */
export type JobOf<Type extends string> = Job<InputOf<Type>, ResultOf<Type>> & {
  readonly type: Type
}
