'use client'
import { useEffect, useRef, useState } from 'react'
import { isSettled, type Job } from '../../client/index.js'
import { useOptionalClient } from '../longhaul-provider.js'

/** Closer together than this, and a screen reader would never finish a sentence. */
const apartMs = 5000

/**
 * What a screen reader should say of a job: its start, each stage, the half, and how it ended; never
 * each percent. At least five seconds apart, the last one always, and in one of all the tabs that
 * show it. What was so when the page came is not said: it can be read.
 */
export function useMilestone(job: Job, sentence: string, halfDone: string): string {
  const tabs = useOptionalClient()?.tabs
  const [said, setSaid] = useState('')
  const last = useRef({ key: keyOf(job), atMs: 0 })
  const key = keyOf(job)
  const text = isHalfDone(job) ? `${sentence}. ${halfDone}` : sentence

  useEffect(() => tabs?.join(), [tabs])
  useEffect(() => {
    if (last.current.key === key) return undefined
    const own = new AbortController()
    const dueMs = isSettled(job.status) ? 0 : last.current.atMs + apartMs - Date.now()
    const timer = setTimeout(() => void say(), Math.max(0, dueMs))
    async function say(): Promise<void> {
      last.current = { key, atMs: Date.now() }
      const isOurs = (await tabs?.claim(`said ${key}`, own.signal)) ?? true
      if (isOurs && !own.signal.aborted) setSaid(text)
    }
    return () => {
      own.abort()
      clearTimeout(timer)
    }
    // oxlint-disable-next-line react/exhaustive-deps -- the key stands for the text and the status
  }, [key, tabs])
  return said
}

function keyOf({ id, status, progress, attempt, stage, cancelRequestedAt }: Job): string {
  const isStopping = cancelRequestedAt !== null
  return JSON.stringify([id, status, attempt, stage, isStopping, isHalfDone({ status, progress })])
}

function isHalfDone({ status, progress }: Pick<Job, 'status' | 'progress'>): boolean {
  return status === 'running' && progress >= 50
}
