import { describe, expect, it } from 'vitest'
import { findSlots, slotAt, type SlotsWanted } from './find-slots.js'
import { spanInWords } from './local-time.js'

/** A Friday. */
const nowMs = Date.parse('2026-11-20T12:00:00Z')
const wanted: SlotsWanted = { nowMs, minutes: 30, timeZones: ['Europe/Lisbon'], busy: [] }

function starts(changes: Partial<SlotsWanted> = {}): string[] {
  return findSlots({ ...wanted, ...changes }).map(({ fromMs }) => new Date(fromMs).toISOString())
}

describe('slots for a talk', () => {
  it('are in the middle of the morning, on the next three working days', () => {
    expect(starts()).toEqual([
      '2026-11-23T10:30:00.000Z',
      '2026-11-24T10:30:00.000Z',
      '2026-11-25T10:30:00.000Z',
    ])
  })

  it('are never where there is a meeting, not even in part', () => {
    const busy = [slotAt(Date.parse('2026-11-23T09:45:00Z'), 60)]
    expect(starts({ busy })[0]).toBe('2026-11-23T11:00:00.000Z')
    const away = [slotAt(Date.parse('2026-11-21T00:00:00Z'), 10 * 1440)]
    expect(starts({ busy: away })[0]).toBe('2026-12-01T10:30:00.000Z')
    expect(starts({ busy: [slotAt(nowMs, 30 * 1440)] })).toEqual([])
  })

  it('are in the day of both, however far apart they are, with longer days where it must be', () => {
    const [first] = starts({ timeZones: ['America/New_York', 'Europe/Berlin'] })
    expect(first).toBe('2026-11-23T15:30:00.000Z')
    const [far] = starts({ timeZones: ['America/Los_Angeles', 'Europe/Berlin'] })
    expect(far).toBe('2026-11-23T17:30:00.000Z')
    expect(starts({ timeZones: ['Pacific/Auckland', 'Europe/Lisbon'] })).toHaveLength(3)
  })

  it('are said in local time, with the change of the clocks in between', () => {
    const october = Date.parse('2026-10-23T12:00:00Z')
    const [slot] = findSlots({ ...wanted, nowMs: october })
    expect(spanInWords(slot!.fromMs, slot!.untilMs, 'Europe/Lisbon')).toBe(
      'Monday 26 October, 10:30 to 11:00 in Lisbon',
    )
  })
})
