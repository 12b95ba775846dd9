import type { Job, JobError, WaitingFor } from '../../client/index.js'
import type { ShownStatus } from './shown-status.js'

/** How the page is connected, in the three words that people need. */
export type ConnectionState = 'connected' | 'polling' | 'disconnected'

/** Every text of the components. Replace some or all of them on the provider, or on one component. */
export interface Messages {
  /** Of numbers, durations and times, as BCP 47 has it: `en`, `pt-BR`. */
  readonly locale: string
  readonly statuses: Readonly<Record<ShownStatus, string>>
  /** What a job is called where no label is given. */
  jobTitle(job: Job): string
  /** Why a job failed. The place to translate by `error.code`. */
  failure(error: JobError): string
  readonly sending: string
  readonly waitingToStart: string
  /** Of a queued job whose time has come. */
  readonly waitingFor: Readonly<Record<WaitingFor, string>>
  startsAt(time: string): string
  triesAgainAt(time: string): string
  readonly waiting: string
  readonly working: string
  readonly stopping: string
  readonly completed: string
  readonly cancelled: string
  readonly halfDone: string

  elapsed(duration: string): string
  queuedFor(duration: string): string
  took(duration: string): string
  remaining(duration: string): string
  readonly fewSecondsLeft: string

  readonly cancel: string
  readonly retry: string
  readonly tryNow: string
  readonly close: string
  /** A button's name where its text is too short to say which job it acts on. */
  actionOn(action: string, title: string): string

  readonly details: string
  readonly created: string
  readonly started: string
  readonly finished: string
  /** Until when a job has to have settled. */
  readonly deadline: string
  readonly duration: string
  readonly attempt: string
  attemptOf(attempt: number, most: number): string
  readonly jobId: string
  readonly steps: string
  ranTimes(count: number): string
  readonly failedAttempts: string

  readonly jobs: string
  readonly filterByStatus: string
  readonly allJobs: string
  readonly activeJobs: string
  readonly noJobs: string
  readonly loadingJobs: string
  readonly selectAll: string
  select(title: string): string
  selected(count: number): string
  cancelSelected(count: number): string
  retrySelected(count: number): string
  wereCancelled(count: number): string
  wereRetried(count: number): string
  couldNot(count: number): string
  readonly newer: string
  readonly older: string
  page(page: number): string

  readonly activity: string
  activityWith(running: number): string
  readonly inProgress: string
  readonly recent: string
  readonly noActivity: string
  readonly clearFinished: string

  readonly connection: Readonly<Record<ConnectionState, string>>
  readonly connecting: string
  readonly offline: string
  readonly signedOut: string
}

/** Some of the texts; the others stay as they are. */
export type MessageChanges = Partial<Omit<Messages, 'statuses' | 'waitingFor' | 'connection'>> & {
  readonly statuses?: Partial<Messages['statuses']>
  readonly waitingFor?: Partial<Messages['waitingFor']>
  readonly connection?: Partial<Messages['connection']>
}

export function withChanges(messages: Messages, changes: MessageChanges | undefined): Messages {
  if (changes === undefined) return messages
  return {
    ...messages,
    ...changes,
    statuses: { ...messages.statuses, ...changes.statuses },
    waitingFor: { ...messages.waitingFor, ...changes.waitingFor },
    connection: { ...messages.connection, ...changes.connection },
  }
}
