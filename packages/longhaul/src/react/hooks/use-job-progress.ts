'use client'
import { isSettled, type Job, type WaitingFor } from '../../client/index.js'
import { formatDuration, formatPercent, roundEstimate } from '../messages/format.js'
import type { MessageChanges } from '../messages/messages.js'
import { type ShownStatus, shownStatus } from '../messages/shown-status.js'
import { useMessages } from '../messages/use-messages.js'
import { estimateRemainingMs } from '../progress/estimate-remaining.js'
import { sentenceOf } from '../progress/sentence-of.js'
import { useMilestone } from './use-milestone.js'
import { useNow } from './use-now.js'
import { useProgressSamples } from './use-progress-samples.js'
import { useTypicalDuration } from './use-typical-duration.js'

export interface UseJobProgressOptions {
  /** What the work is called: "Trip to Lisbon". */
  readonly label?: string | undefined
  /** The sentence once it has completed: "Your trip is ready". */
  readonly message?: string | undefined
  /** What `useWaitingFor` found: the sentence while it is queued. */
  readonly waitingFor?: WaitingFor | undefined
  readonly messages?: MessageChanges | undefined
}

/** Everything that a progress display shows, in words and numbers. */
export interface JobProgress {
  readonly status: ShownStatus
  readonly label: string
  /** What it is doing, why it failed, or how it ended. */
  readonly sentence: string
  /** 0 to 100; undefined while it runs and nobody knows how far it is. */
  readonly percent: number | undefined
  readonly percentText: string
  /** The bar's value in words. */
  readonly valueText: string
  /** Since it was started, until it settled or now. */
  readonly elapsedMs: number | undefined
  /** From its own pace and from past runs of its type. */
  readonly remainingMs: number | undefined
  readonly elapsedText: string
  readonly remainingText: string
  /** For a polite live region: milestones, not each percent, and in one tab only. */
  readonly announcement: string
  readonly canCancel: boolean
  readonly canRetry: boolean
}

/**
 * A job's progress as people want to know it: status, sentence, percent, time taken and time left.
 * `ProgressTracker` and `CompactProgressTracker` show what it returns.
 */
export function useJobProgress(
  job: Job,
  { label, message, waitingFor, messages: changes }: UseJobProgressOptions = {},
): JobProgress {
  const messages = useMessages(changes)
  const status = shownStatus(job)
  const nowMs = useNow(!isSettled(job.status))
  const isRunning = job.status === 'running'
  const samples = useProgressSamples(job, nowMs)
  const typicalMs = useTypicalDuration(isRunning ? job.type : undefined)
  const sentence =
    status === 'completed' && message !== undefined
      ? message
      : sentenceOf(job, messages, { nowMs, waitingFor })
  const announcement = useMilestone(job, sentence, messages.halfDone)

  const percent = percentOf(job)
  // Nothing is said of a job that has not begun.
  const percentText =
    percent === undefined || percent === 0 ? '' : formatPercent(percent, messages.locale)
  const elapsedMs = elapsedOf(job, nowMs)
  const remainingMs =
    isRunning && status === 'running' && nowMs !== undefined && job.startedAt !== null
      ? estimateRemainingMs({ nowMs, startedAtMs: Date.parse(job.startedAt), samples, typicalMs })
      : undefined
  return {
    status,
    label: label ?? messages.jobTitle(job),
    sentence,
    percent,
    percentText,
    valueText: percentText === '' ? sentence : `${sentence}, ${percentText}`,
    elapsedMs,
    remainingMs,
    elapsedText: elapsedMs === undefined ? '' : elapsedText(elapsedMs),
    remainingText: remainingMs === undefined ? '' : remainingText(remainingMs),
    announcement,
    canCancel: !isSettled(job.status),
    canRetry: job.status === 'failed' || job.status === 'cancelled',
  }

  function elapsedText(ms: number): string {
    const duration = formatDuration(ms, messages.locale)
    if (isSettled(job.status)) return messages.took(duration)
    return job.startedAt === null ? messages.queuedFor(duration) : messages.elapsed(duration)
  }

  function remainingText(ms: number): string {
    const rounded = roundEstimate(ms)
    if (rounded === undefined) return messages.fewSecondsLeft
    return messages.remaining(formatDuration(rounded, messages.locale))
  }
}

function percentOf({ status, progress }: Job): number | undefined {
  if (status === 'completed') return 100
  return status === 'running' && progress === 0 ? undefined : progress
}

function elapsedOf(
  { startedAt, createdAt, finishedAt, runAt, status }: Job,
  nowMs: number | undefined,
): number | undefined {
  if (finishedAt !== null) {
    return startedAt === null
      ? undefined
      : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))
  }
  if (nowMs === undefined) return undefined
  if (startedAt !== null && status !== 'queued') return wholeSeconds(nowMs - Date.parse(startedAt))
  const since = Math.max(Date.parse(createdAt), Date.parse(runAt))
  return status === 'queued' && nowMs > since ? wholeSeconds(nowMs - since) : undefined
}

/** The server's clock may be a little ahead of this one. */
function wholeSeconds(ms: number): number {
  return Math.max(0, Math.floor(ms / 1000) * 1000)
}
