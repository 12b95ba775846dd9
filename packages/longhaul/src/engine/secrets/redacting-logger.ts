import type { Logger, Redactor } from '../../core/index.js'

/** A logger that replaces secrets in what it is given, also in errors and inside of objects. */
export function redactingLogger(logger: Logger, redactor: Redactor): Logger {
  const clean = (details: object): object =>
    redactor.isNeeded() ? (redacted(details, redactor, 0) as object) : details
  return {
    debug: (details, message) => logger.debug(clean(details), redactor.redact(message)),
    info: (details, message) => logger.info(clean(details), redactor.redact(message)),
    warn: (details, message) => logger.warn(clean(details), redactor.redact(message)),
    error: (details, message) => logger.error(clean(details), redactor.redact(message)),
  }
}

const deepest = 8

function redacted(value: unknown, redactor: Redactor, depth: number): unknown {
  if (typeof value === 'string') return redactor.redact(value)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  if (depth === deepest) return '[too deep]'
  const inside = (member: unknown): unknown => redacted(member, redactor, depth + 1)
  if (Array.isArray(value)) return value.map(inside)
  const members = Object.entries(value).map(
    ([name, member]) => [redactor.redact(name), inside(member)] as const,
  )
  if (!(value instanceof Error)) return Object.fromEntries(members)
  const error = new Error(redactor.redact(value.message), { cause: inside(value.cause) })
  const { name, stack } = value
  return Object.assign(error, Object.fromEntries(members), {
    name,
    stack: stack === undefined ? undefined : redactor.redact(stack),
  })
}
