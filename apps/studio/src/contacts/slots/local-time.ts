const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clock on the wall and the calendar beside it say. */
export interface LocalTime {
  /** `Mon` */
  readonly weekday: string
  /** Since midnight. */
  readonly minutes: number
}

export function localTime(ms: number, timeZone: string): LocalTime {
  const parts = formatOf(timeZone).formatToParts(ms)
  const of = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((part) => part.type === type)!.value
  return { weekday: of('weekday'), minutes: Number(of('hour')) * 60 + Number(of('minute')) }
}

/** `Tuesday 24 November, 10:30 to 11:00 in Lisbon` */
export function spanInWords(fromMs: number, untilMs: number, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone,
  }).format(fromMs)
  return `${day}, ${timeInWords(fromMs, timeZone)} to ${timeInWords(untilMs, timeZone)} in ${placeOf(timeZone)}`
}

/** `10:30` */
export function timeInWords(ms: number, timeZone: string): string {
  const { minutes } = localTime(ms, timeZone)
  return [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}

export function placeOf(timeZone: string): string {
  return timeZone.split('/').at(-1)!.replaceAll('_', ' ')
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatOf(timeZone)
    return true
  } catch {
    return false
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  formats.set(timeZone, known)
  return known
}
