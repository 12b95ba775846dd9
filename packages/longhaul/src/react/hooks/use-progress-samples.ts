'use client'
import { useState } from 'react'
import type { Job } from '../../client/index.js'
import type { ProgressSample } from '../progress/estimate-remaining.js'

/** The pace is that of the last few changes: a job's parts differ. */
const kept = 6
const none: readonly ProgressSample[] = []

/** How far this page saw a job come within its present attempt, oldest first. */
export function useProgressSamples(
  { id, attempt, progress }: Job,
  nowMs: number | undefined,
): readonly ProgressSample[] {
  const run = `${id} ${attempt}`
  const [history, setHistory] = useState({ run, samples: none })
  const samples = history.run === run ? history.samples : none
  if (nowMs === undefined || samples.at(-1)?.progress === progress) return samples
  const next = [...samples, { atMs: nowMs, progress }].slice(-kept)
  setHistory({ run, samples: next })
  return next
}
