import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Schedule } from 'longhaul'
import { useLonghaulClient } from 'longhaul/react'
import type { TripRequest } from '../../trips/request/trip-request.js'

export type TripSchedule = Schedule<TripRequest>

const queryKey = ['schedules']
const type = 'ai_trip_generation'

/** Trips that are planned by the clock: one's own. */
export function useSchedules() {
  const { schedules } = useLonghaulClient()
  return useQuery({
    queryKey,
    queryFn: async () =>
      (await schedules.list()).filter((each) => each.type === type) as readonly TripSchedule[],
  })
}

/** Make one, or replace the one of that id. */
export function useSetSchedule() {
  const { schedules } = useLonghaulClient()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: ({
      id,
      input,
      cron,
      timeZone,
      paused,
    }: Pick<TripSchedule, 'id' | 'input' | 'cron' | 'timeZone' | 'paused'>) =>
      schedules.set(id, { type, input, cron, timeZone, paused }),
    onSuccess: () => cache.invalidateQueries({ queryKey }),
  })
}

export function useDeleteSchedule() {
  const { schedules } = useLonghaulClient()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => schedules.delete(id),
    onSuccess: () => cache.invalidateQueries({ queryKey }),
  })
}
