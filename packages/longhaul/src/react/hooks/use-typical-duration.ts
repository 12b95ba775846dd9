'use client'
import { useEffect, useState } from 'react'
import type { LonghaulClient } from '../../client/index.js'
import { useOptionalClient } from '../longhaul-provider.js'

/** One question for all components that show jobs of a type, asked again after a while. */
const asked = new WeakMap<
  LonghaulClient,
  Map<string, { atMs: number; answer: Promise<number | undefined> }>
>()
const goodForMs = 5 * 60_000

/** How long jobs of a type usually take this user, in milliseconds: the median of the recent ones. */
export function useTypicalDuration(type: string | undefined): number | undefined {
  const client = useOptionalClient()
  const [typical, setTypical] = useState<{ type: string; ms: number | undefined }>()
  useEffect(() => {
    if (client === undefined || type === undefined) return undefined
    let isCurrent = true
    void typicalOf(client, type).then((ms) => isCurrent && setTypical({ type, ms }))
    return () => {
      isCurrent = false
    }
  }, [client, type])
  return typical?.type === type ? typical?.ms : undefined
}

function typicalOf(client: LonghaulClient, type: string): Promise<number | undefined> {
  const known = asked.get(client) ?? new Map()
  asked.set(client, known)
  const before = known.get(type)
  if (before !== undefined && Date.now() - before.atMs < goodForMs) return before.answer
  const answer = client.jobs.durations([type]).then(
    ([duration]) => duration?.medianMs,
    // Without it there is no estimate at the beginning: nothing that a user should be told of.
    () => undefined,
  )
  known.set(type, { atMs: Date.now(), answer })
  return answer
}
