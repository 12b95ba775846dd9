'use client'
import { useMemo } from 'react'
import type { Json } from '../../core/index.js'
import type { StreamSnapshot } from '../../client/index.js'
import { useLonghaulClient } from '../longhaul-provider.js'
import { atFrames } from './at-frames.js'
import { useObservable } from './use-observable.js'

export interface JobStreamView<Value = Json> {
  /**
   * `idle`: no id was given. `open`: more may come. `ended`: the job has settled, and this is all of
   * it. `not_found`: there is no such job, or it is not this user's to see.
   */
  readonly status: 'idle' | 'loading' | 'open' | 'ended' | 'not_found'
  /** All that was written, oldest first. It is another list when the job is run again. */
  readonly values: readonly Value[]
  /** The values that are text, put together. */
  readonly text: string
}

const idle: StreamSnapshot = { state: 'loading', chunks: [], status: undefined, edition: 0 }

/**
 * What a job has written to one of its streams, live. It renders once for a frame of the screen at
 * most, however fast the job writes.
 *
 * @param id no id, no watch: the view is `idle`
 * @example
 * const { text, status } = useJobStream(job.id)
 * return <p aria-busy={status === 'open'}>{text}</p>
 */
export function useJobStream<Value = Json>(
  id: string | null | undefined,
  name?: string,
): JobStreamView<Value> {
  const client = useLonghaulClient()
  const observable = useMemo(
    () => (id === null || id === undefined ? undefined : atFrames(client.stream(id, name))),
    [client, id, name],
  )
  const snapshot = useObservable(observable, idle)
  return useMemo(() => viewOf<Value>(snapshot, id), [snapshot, id])
}

function viewOf<Value>(
  { state, chunks }: StreamSnapshot,
  id: string | null | undefined,
): JobStreamView<Value> {
  if (id === null || id === undefined) return { status: 'idle', values: [], text: '' }
  const values = chunks.flatMap((chunk) => chunk.values)
  return {
    status: state === 'gone' ? 'not_found' : state,
    values: values as unknown as readonly Value[],
    text: values.filter((value) => typeof value === 'string').join(''),
  }
}
