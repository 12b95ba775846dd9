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
  const ask = async <Answer>(request: Parameters<Http['send']>[0]): Promise<Answer> =>
    (await (await http.send(request)).json()) as Answer
  return {
    async list() {
      const answer = await ask<{ schedules: Schedule[] }>({ method: 'GET', path: '/schedules' })
      return answer.schedules
    },
    get: (id) => ask({ method: 'GET', path: pathOf(id) }),
    set: (id, schedule) => ask({ method: 'PUT', path: pathOf(id), body: schedule }),
    delete: async (id) => void (await http.send({ method: 'DELETE', path: pathOf(id) })),
  }
}
