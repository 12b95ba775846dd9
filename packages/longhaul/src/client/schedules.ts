import type { InputOf, MissedTicks, Schedule } from '../core/index.js'
import type { LonghaulClient } from './longhaul-client.js'
import type { Http } from './http.js'

export interface ScheduleOptions<Type extends string = string> {
  readonly type: Type
  readonly input: InputOf<Type>
  /** Five fields, or six with seconds first; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. */
  readonly cron: string
  /** @defaultValue 'UTC' */
  readonly timeZone?: string
  /**
   * What becomes of times that were missed because nothing ran: one job for all of them, one for
   * each, or none.
   *
   * @defaultValue 'once'
   */
  readonly missed?: MissedTicks
  /** @defaultValue false */
  readonly paused?: boolean
  readonly priority?: number
  readonly tags?: readonly string[]
}

export function createScheduleCalls(http: Http): LonghaulClient['schedules'] {
  const pathOf = (id: string): string => `/schedules/${encodeURIComponent(id)}`
  return {
    async list() {
      const answer = await http.ask<{ schedules: Schedule[] }>({
        method: 'GET',
        path: '/schedules',
      })
      return answer.schedules
    },
    get: (id) => http.ask({ method: 'GET', path: pathOf(id) }),
    set: (id, schedule) => http.ask({ method: 'PUT', path: pathOf(id), body: schedule }),
    delete: (id) => http.ask({ method: 'DELETE', path: pathOf(id) }),
  }
}
