import { localTime } from './local-time.js'

export interface Slot {
  readonly fromMs: number
  readonly untilMs: number
}

export interface SlotsWanted {
  readonly nowMs: number
  readonly minutes: number
  /** Of everyone who is to be there; the first is whose morning is preferred. */
  readonly timeZones: readonly [string, ...string[]]
  readonly busy: readonly Slot[]
}

const halfHourMs = 30 * 60_000
const dayMs = 86_400_000
const daysAhead = 14
const mostSlots = 3
const bestMinute = 10 * 60 + 30
/** Hours of the day, the usual ones first: where nobody's usual hours meet, longer days do. */
const hours = [
  [9, 17],
  [8, 19],
  [6, 22],
] as const

/** Up to three free slots on different working days from tomorrow on, none outside of anybody's day. */
export function findSlots(wanted: SlotsWanted): Slot[] {
  for (const [first, last] of hours) {
    const slots = slotsWithin(wanted, first * 60, last * 60)
    if (slots.length > 0) return slots
  }
  return []
}

function slotsWithin(
  { nowMs, minutes, timeZones, busy }: SlotsWanted,
  first: number,
  last: number,
): Slot[] {
  const tomorrow = Math.ceil(nowMs / dayMs) * dayMs
  const found: Slot[] = []
  for (let day = 0; day < daysAhead && found.length < mostSlots; day += 1) {
    const candidates = Array.from({ length: dayMs / halfHourMs }, (_, n) =>
      slotAt(tomorrow + day * dayMs + n * halfHourMs, minutes),
    )
    const best = candidates
      .filter((slot) => timeZones.every((zone) => isWithin(slot, zone, first, last)))
      .filter((slot) => busy.every((other) => !overlaps(slot, other)))
      .toSorted((a, b) => awkwardness(a, timeZones[0]) - awkwardness(b, timeZones[0]))[0]
    if (best !== undefined) found.push(best)
  }
  return found
}

export function slotAt(fromMs: number, minutes: number): Slot {
  return { fromMs, untilMs: fromMs + minutes * 60_000 }
}

function isWithin(slot: Slot, zone: string, first: number, last: number): boolean {
  const { weekday, minutes } = localTime(slot.fromMs, zone)
  const length = (slot.untilMs - slot.fromMs) / 60_000
  return !weekday.startsWith('S') && minutes >= first && minutes + length <= last
}

function overlaps(a: Slot, b: Slot): boolean {
  return a.fromMs < b.untilMs && b.fromMs < a.untilMs
}

function awkwardness({ fromMs }: Slot, zone: string): number {
  return Math.abs(localTime(fromMs, zone).minutes - bestMinute)
}
