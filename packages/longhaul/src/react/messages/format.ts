import { english } from './english.js'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** A duration in its two largest units: "12 sec", "3 min 20 sec", "1 hr 5 min". */
export function formatDuration(ms: number, locale: string = english.locale): string {
  const unit = (value: number, name: 'second' | 'minute' | 'hour' | 'day'): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const [large, small, size, next] =
    ms < minute
      ? (['second', undefined, second, second] as const)
      : ms < hour
        ? (['minute', 'second', minute, second] as const)
        : ms < day
          ? (['hour', 'minute', hour, minute] as const)
          : (['day', 'hour', day, hour] as const)
  if (ms > 0 && ms < 10 * second && !Number.isInteger(ms / second))
    return unit(Math.max(0.1, Math.floor(ms / 100) / 10), 'second')
  const whole = unit(Math.floor(ms / size), large)
  const rest = Math.floor((ms % size) / next)
  return small === undefined || rest === 0 ? whole : `${whole} ${unit(rest, small)}`
}

/** An estimate is not more exact than this: whole minutes, below two of them tens of seconds. Undefined: a few seconds. */
export function roundEstimate(ms: number): number | undefined {
  if (ms < 10 * second) return undefined
  const step = ms < 2 * minute ? 10 * second : ms < 2 * hour ? minute : 15 * minute
  return Math.round(ms / step) * step
}

/** A moment: the time when it is today, else with its date. */
export function formatTime(time: string, locale: string = english.locale): string {
  const date = new Date(time)
  const isToday = date.toDateString() === new Date().toDateString()
  return new Intl.DateTimeFormat(locale, {
    timeStyle: 'short',
    ...(isToday ? {} : { dateStyle: 'medium' }),
  }).format(date)
}

/** How long ago: "3 min. ago", "yesterday". */
export function formatAgo(ms: number, locale: string = english.locale): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  if (ms < minute) return format.format(0, 'second')
  if (ms < hour) return format.format(-Math.floor(ms / minute), 'minute')
  if (ms < day) return format.format(-Math.floor(ms / hour), 'hour')
  return format.format(-Math.floor(ms / day), 'day')
}

export function formatPercent(percent: number, locale: string = english.locale): string {
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(percent / 100)
}
