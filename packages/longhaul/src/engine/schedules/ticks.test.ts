import { describe, expect, it } from 'vitest'
import { checkCron, nextTick, ticksUntil } from './ticks.js'

const after = (cron: string, zone: string, from: string, count: number): string[] => {
  const times: string[] = []
  for (let last = new Date(from); times.length < count;) {
    last = nextTick(cron, zone, last)!
    times.push(last.toISOString())
  }
  return times
}

describe('the times of a cron expression', () => {
  it('follow the wall clock of their zone', () => {
    expect(after('0 9 * * 1-5', 'Asia/Kolkata', '2026-11-20T12:00:00Z', 2)).toEqual([
      '2026-11-23T03:30:00.000Z',
      '2026-11-24T03:30:00.000Z',
    ])
  })

  it('that do not exist come at the end of the gap', () => {
    expect(after('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
  })

  it('that come twice count once, unless they come within each hour anyway', () => {
    expect(after('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:30:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
    expect(after('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', 4)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:00:00.000Z',
    ])
  })

  it('F22: once a day are once a day in every zone, through every change of its clocks from 2026 to 2030', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone })
      for (const around of changesOf(zone)) {
        const from = new Date(around - 2 * 86_400_000)
        const days = after('30 2 * * *', zone, from.toISOString(), 4).map((time) =>
          day.format(new Date(time)),
        )
        expect(new Set(days).size, `${zone} around ${new Date(around).toISOString()}`).toBe(4)
      }
    }
  })
})

/** When a zone's clocks change, to the week. */
function changesOf(zone: string): number[] {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  const offset = (at: number): string => format.format(at).split('GMT')[1] ?? ''
  const week = 7 * 86_400_000
  const changes: number[] = []
  for (let at = Date.UTC(2026, 0); at < Date.UTC(2031, 0); at += week) {
    if (offset(at) !== offset(at + week)) changes.push(lastBefore(at, at + week, offset))
  }
  return changes
}

function lastBefore(from: number, to: number, offset: (at: number) => string): number {
  if (to - from < 60_000) return from
  const middle = (from + to) / 2
  return offset(from) === offset(middle)
    ? lastBefore(middle, to, offset)
    : lastBefore(from, middle, offset)
}

describe('what is due', () => {
  const hourly = { cron: '0 * * * *', timeZone: 'UTC', first: new Date('2026-11-22T06:00:00Z') }
  const iso = (dates: readonly Date[]): string[] => dates.map((date) => date.toISOString())

  it.each([
    ['skip', '2026-11-22T09:30:00Z', []],
    ['skip', '2026-11-22T09:00:20Z', ['2026-11-22T09:00:00.000Z']],
    ['once', '2026-11-22T09:30:00Z', ['2026-11-22T09:00:00.000Z']],
    [
      'all',
      '2026-11-22T08:00:00Z',
      ['2026-11-22T06:00:00.000Z', '2026-11-22T07:00:00.000Z', '2026-11-22T08:00:00.000Z'],
    ],
  ] as const)('with %s at %s', (missed, now, due) => {
    const ticks = ticksUntil(new Date(now), { ...hourly, missed })
    expect(iso(ticks.due)).toEqual(due)
    expect(ticks.next!.getTime()).toBeGreaterThan(new Date(now).getTime())
  })

  const everySecond = { ...hourly, cron: '* * * * * *', first: new Date('2026-11-22T09:00:00Z') }
  it.each([
    ['once', '09:00:02', 3, '09:00:00'],
    ['skip', '09:00:02', 3, '09:00:00'],
    ['once', '09:05:00', 61, '09:04:00'],
    ['skip', '09:05:00', 61, '09:04:00'],
  ] as const)(
    'G-17: with %s at %s is each time that is no more than a minute late, when several come within it',
    (missed, now, count, from) => {
      const { due, next } = ticksUntil(new Date(`2026-11-22T${now}Z`), { ...everySecond, missed })
      expect([due.length, ...iso(due.slice(0, 1))]).toEqual([count, `2026-11-22T${from}.000Z`])
      expect(due.at(-1)).toEqual(new Date(`2026-11-22T${now}Z`))
      expect(next!.getTime() - due.at(-1)!.getTime()).toBe(1000)
    },
  )

  it('is made in pieces when it is much', () => {
    const late = { ...hourly, cron: '* * * * *', missed: 'all' } as const
    const now = new Date('2026-11-22T16:00:00Z')
    const { due, next } = ticksUntil(now, late)
    expect(due).toHaveLength(200)
    expect(next).toEqual(new Date('2026-11-22T09:20:00Z'))
  })
})

describe('an expression', () => {
  it.each(['* * * *', '61 * * * *', '0 0 31 2 *', 'every day', ''])(
    'B16: that is none: %j',
    (cron) => {
      expect(checkCron(cron, 'UTC')).toMatchObject([{ pointer: '/cron' }])
    },
  )

  it('B16: needs a zone that exists', () => {
    expect(checkCron('* * * * *', 'Mars/Base')).toMatchObject([{ pointer: '/timeZone' }])
    expect(checkCron('@daily', 'Europe/Lisbon')).toEqual([])
    expect(checkCron('*/10 * * * * *', 'UTC')).toEqual([])
  })
})
