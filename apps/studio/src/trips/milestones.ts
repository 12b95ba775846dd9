/** Where the bar stands when each part of the work begins, in percent. */
export const at = { find: 2, choose: 6, plan: 10, order: 14, write: 78, map: 98 } as const

/** How far the route of one day is, from 0 to 1, as the percent of the whole trip tells it. */
export function shareOfDay(progress: number, day: number, days: number): number {
  const each = (at.write - at.order) / days
  const share = (progress - at.order) / each - (day - 1)
  return Math.max(0, Math.min(1, share))
}

/** What is being done about a day, or has been. */
export function stateOfDay(progress: number, day: number, days: number): DayState {
  if (progress >= at.write + ((at.map - at.write) / days) * day) return 'written'
  const share = shareOfDay(progress, day, days)
  if (share === 1) return 'found'
  const isNext = day === 1 || shareOfDay(progress, day - 1, days) === 1
  return isNext && progress >= at.order ? 'searching' : 'to_come'
}

export type DayState = 'to_come' | 'searching' | 'found' | 'written'
