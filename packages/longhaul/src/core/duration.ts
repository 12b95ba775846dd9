import { LonghaulError } from './errors.js'

/** Milliseconds, or a whole number with a unit: `'250ms'`, `'30s'`, `'15m'`, `'24h'`, `'7d'`. */
export type Duration = number | `${number}${Unit}`
type Unit = keyof typeof unitMs

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * Milliseconds of a duration option.
 *
 * @throws {LonghaulError} `invalid_configuration`, naming the option and its range.
 */
export function parseDuration(
  name: string,
  value: Duration,
  { min = 0, max = 10 * 366 * unitMs.d }: { min?: number; max?: number } = {},
): number {
  const ms = typeof value === 'number' ? value : parseText(value)
  if (Number.isFinite(ms) && ms >= min && ms <= max) return Math.round(ms)
  throw new LonghaulError(
    'invalid_configuration',
    `${name} is ${JSON.stringify(value)}, which is not a duration from ${min} ms to ${max} ms. ` +
      "Give milliseconds, or text such as '30s', '15m', '24h' or '7d'.",
  )
}

function parseText(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? []
  return unit === undefined ? Number.NaN : Number(amount) * unitMs[unit as Unit]
}
