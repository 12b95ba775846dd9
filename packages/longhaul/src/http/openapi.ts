import { z } from 'zod'
import { type ErrorCode, LonghaulError } from '../core/index.js'
import type { AnyRoute, Answer } from './route.js'
import { problemSchema } from './schemas.js'

/** What any route can refuse with. */
const always: readonly ErrorCode[] = ['internal', 'database_unavailable', 'closed']
const withBody: readonly ErrorCode[] = [
  'invalid_json',
  'unsupported_media_type',
  'payload_too_large',
  'too_deep',
  'too_complex',
  'forbidden_key',
  'duplicate_key',
  'unsafe_number',
  'invalid_character',
  'invalid_input',
  'unknown_field',
]

/** Every code that a route can answer with. */
export function errorsOf(route: AnyRoute): readonly ErrorCode[] {
  const access: readonly ErrorCode[] =
    route.access === 'public'
      ? []
      : route.access === 'cron'
        ? ['unauthenticated']
        : [
            'unauthenticated',
            'bad_origin',
            'token_in_url',
            'invalid_parameter',
            'ambiguous_parameter',
          ]
  return [
    ...new Set([
      ...route.errors,
      ...(route.body === undefined ? [] : withBody),
      ...access,
      ...always,
    ]),
  ]
}

/** The OpenAPI 3.1 document of a table of routes. */
export function openApiDocument(routes: readonly AnyRoute[], version: string): object {
  const components: Record<string, unknown> = {}
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    paths[route.path] ??= {}
    paths[route.path]![route.method.toLowerCase()] = operationOf(route, components)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Longhaul',
      version,
      description:
        'Durable jobs with live status. Errors are problem details (RFC 9457) with a stable `code`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        app: {
          type: 'http',
          scheme: 'bearer',
          description: "Whatever the app's `authenticate` reads: a token or a session cookie.",
        },
        cron: { type: 'http', scheme: 'bearer', description: "The app's cronSecret." },
      },
    },
  }
}

function operationOf(route: AnyRoute, components: Record<string, unknown>): object {
  const schema = (type: z.ZodType): object => schemaOf(type, components)
  const responses: Record<string, object> = {}
  for (const [status, answer] of Object.entries(route.answers))
    responses[status] = responseOf(answer, schema)
  for (const [status, codes] of byStatus(errorsOf(route))) {
    responses[status] ??= {
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: schema(problemSchema) } },
    }
  }
  const parameters = [
    ...pathParameters(route.path),
    ...queryParameters(route, schema),
    ...headerParameters(route),
  ]
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.access === 'public'
      ? {}
      : { security: [route.access === 'cron' ? { cron: [] } : { app: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !isOptional(route.body),
            content: { 'application/json': { schema: schema(route.body) } },
          },
        }),
    responses,
  }
}

function responseOf(
  { description, schema, mediaType = 'application/json' }: Answer,
  toJson: (type: z.ZodType) => object,
): object {
  return {
    description,
    ...(schema === undefined ? {} : { content: { [mediaType]: { schema: toJson(schema) } } }),
  }
}

function byStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { status } = new LonghaulError(code, '')
    groups.set(status, [...(groups.get(status) ?? []), code])
  }
  return new Map([...groups].sort(([a], [b]) => a - b))
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(route: AnyRoute, schema: (type: z.ZodType) => object): object[] {
  if (route.query === undefined) return []
  const { properties = {}, required = [] } = schema(route.query) as {
    properties?: Record<string, { description?: string }>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...type }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: type,
  }))
}

function headerParameters(route: AnyRoute): object[] {
  return Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }))
}

function isOptional(type: z.ZodType): boolean {
  return type.safeParse(undefined).success
}

/** A schema as JSON Schema; those with an id of their own are shared components. */
function schemaOf(type: z.ZodType, components: Record<string, unknown>): object {
  const {
    $schema: _,
    $defs = {},
    ...schema
  } = z.toJSONSchema(type, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
  }) as Record<string, unknown> & { $defs?: Record<string, unknown> }
  for (const [name, definition] of Object.entries($defs))
    components[name] = inComponents(definition)
  const own = inComponents(schema) as { id?: string }
  if (own.id === undefined) return own
  components[own.id] = own
  return { $ref: `#/components/schemas/${own.id}` }
}

/** zod points into its own `$defs`; the document keeps them in one place. */
function inComponents(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'))
}
