'use client'
import { useState } from 'react'
import type { Job } from '../../client/index.js'

export interface Selection {
  /** The selected ones of the jobs that are shown. */
  readonly jobs: readonly Job[]
  readonly isAll: boolean
  has(id: string): boolean
  toggle(id: string): void
  toggleAll(): void
  clear(): void
}

const nothing: ReadonlySet<string> = new Set()

/** Which jobs of a list are selected. One that is no longer shown counts as not selected. */
export function useSelection(shown: readonly Job[]): Selection {
  const [ids, setIds] = useState(nothing)
  const jobs = shown.filter(({ id }) => ids.has(id))
  const isAll = shown.length > 0 && jobs.length === shown.length
  return {
    jobs,
    isAll,
    has: (id) => ids.has(id),
    toggle: (id) =>
      setIds((before) => {
        const after = new Set(before)
        if (!after.delete(id)) after.add(id)
        return after
      }),
    toggleAll: () => setIds(isAll ? nothing : new Set(shown.map(({ id }) => id))),
    clear: () => setIds(nothing),
  }
}
