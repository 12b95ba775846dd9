import { z } from 'zod'
import { hasForbiddenCharacter, type Issue, LonghaulError } from '../core/index.js'
import { parseJsonText } from './json-text.js'

/** A comma-separated list, as a query parameter. */
export const listOf = <T>(item: z.ZodType<T, string>) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1).max(50))

export const wholeNumberFrom = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max))

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** A value of JSON, as a query parameter. */
export const jsonText = z
  .string()
  .max(4096)
  .transform((text, context): unknown => {
    try {
      return parseJsonText(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON, as a body may hold it' })
      return z.NEVER
    }
  })

/**
 * The query of a request by its schema. A parameter given twice, or one that the route does not
 * know, is a mistake of the caller that would otherwise go unnoticed.
 *
 * @throws {LonghaulError} `ambiguous_parameter`, `invalid_parameter`, `token_in_url`
 */
export function parseQuery<T>(schema: z.ZodType<T>, parameters: URLSearchParams): T {
  const values: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [name, value] of parameters) {
    if (/^(access_?token|token|api_?key|authorization)$/i.test(name)) throw tokenInUrl()
    if (name in values)
      throw parameterError('ambiguous_parameter', name, 'is given twice; separate values by commas')
    if (hasForbiddenCharacter(value))
      throw parameterError('invalid_parameter', name, 'contains U+0000')
    values[name] = value
  }
  const result = schema.safeParse({ ...values })
  if (result.success) return result.data
  const [issue] = result.error.issues
  const name = String(issue?.path[0] ?? (issue?.code === 'unrecognized_keys' ? issue.keys[0] : ''))
  throw parameterError('invalid_parameter', name, issue?.message ?? 'is not valid')
}

function parameterError(
  code: 'ambiguous_parameter' | 'invalid_parameter',
  name: string,
  problem: string,
): LonghaulError {
  const shown = name.slice(0, 64)
  const issue: Issue = { pointer: `/query/${shown}`, code, message: problem }
  return new LonghaulError(code, `The query parameter "${shown}" was refused: ${problem}.`, {
    issues: [issue],
  })
}

function tokenInUrl(): LonghaulError {
  return new LonghaulError(
    'token_in_url',
    'A token in a URL ends up in logs and histories, so it was not accepted. Send it in the Authorization header, and replace it if the URL was shared.',
  )
}
