/** Days of the week as a cron expression counts them. */
export const weekdays = [
  { value: '1', label: 'Monday' },
  { value: '2', label: 'Tuesday' },
  { value: '3', label: 'Wednesday' },
  { value: '4', label: 'Thursday' },
  { value: '5', label: 'Friday' },
  { value: '6', label: 'Saturday' },
  { value: '0', label: 'Sunday' },
] as const

/** @param time `08:30` */
export function weeklyCron(weekday: string, time: string): string {
  const [hour = '0', minute = '0'] = time.split(':')
  return `${Number(minute)} ${Number(hour)} * * ${weekday}`
}

/** `Every Monday at 08:30`; a schedule that was made elsewhere shows its expression. */
export function cronInWords(cron: string): string {
  const [, minute = '', hour = '', weekday] = /^(\d+) (\d+) \* \* (\d)$/.exec(cron) ?? []
  const label = weekdays.find(({ value }) => value === weekday)?.label
  if (label === undefined) return `At ${cron}`
  return `Every ${label} at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
}
