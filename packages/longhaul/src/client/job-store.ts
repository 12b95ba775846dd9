/**
 * What the client knows, by job and by window. It takes in frames and answers in any order and any
 * number of times: what is not newer is dropped. When the database's epoch changes, versions known
 * before mean nothing: the next state of each job replaces it, whatever its number.
 */
import type { Job, LonghaulError } from '../core/index.js'
import {
  formatKnownVersion,
  type Frame,
  type JobChange,
  type JobFilter,
  type WindowFrame,
} from '../protocol/index.js'
import { applyChange, newerJob } from './apply-change.js'
import { createSource, type Observable, type Source } from './observable.js'
import { createProposals, withProposed } from './proposals.js'
import { isWanted } from './proposed-job.js'
import { defaultWindowLimit } from './window-names.js'

/** What is known of one job. */
export type JobSnapshot =
  | { readonly state: 'loading'; readonly job: undefined }
  | { readonly state: 'known'; readonly job: Job }
  /** There is no such job, or it is not this user's to see. `reason`: it was asked for here, and refused. */
  | { readonly state: 'gone'; readonly job: undefined; readonly reason?: LonghaulError }

export interface WindowSnapshot {
  /** `undefined` until the window was first heard of. */
  readonly window: WindowFrame | undefined
  /** Newest first. */
  readonly jobs: readonly Job[]
}

/** Taken before a request is sent, and given back with its answer. */
export type EpochMark = number

export interface JobStore {
  job(id: string): Observable<JobSnapshot>
  window(key: string, filter?: JobFilter, limit?: number): Observable<WindowSnapshot>
  /** Show a job that is being asked for, until the server has answered for it. */
  propose(job: Job): void
  /** The server has answered. `reason`: it refused. */
  endProposal(id: string, reason?: LonghaulError): void
  /** A window shows it without having heard of it. */
  isOnlyProposed(id: string): boolean
  /** From now on the windows of the server alone say where it is. */
  forgetProposal(id: string): void
  apply(frame: Frame): void
  /** A request is about to be sent. */
  mark(): EpochMark
  /** Whole jobs from an answer, in the epoch that it names. An answer to a request of before the epoch is dropped. */
  applyAnswer(
    answer: { readonly jobs: readonly Job[]; readonly epoch: string },
    mark: EpochMark,
  ): void
  /** A job is known to be gone: it was deleted, or the server said so. */
  remove(id: string): void
  epoch(): string | undefined
  /** What comes now is of this epoch. */
  enter(epoch: string): void
  /** `version@createdAt` of a job, to be told only what is newer. */
  knownVersion(id: string): string | undefined
}

export interface JobStoreOptions {
  /** The store needs the whole of a job: its result was too large for a frame, or another job has its id. */
  readonly onNeeded: (id: string) => void
  /** An answer says that a job is there, the connection said that it is not: it has to be asked again. */
  readonly onContradicted: () => void
}

const loading: JobSnapshot = { state: 'loading', job: undefined }
const gone: JobSnapshot = { state: 'gone', job: undefined }
interface WindowSource extends Source<WindowSnapshot> {
  readonly filter: JobFilter
  readonly limit: number
}

const noWindow: WindowSnapshot = { window: undefined, jobs: [] }

export function createJobStore({ onNeeded, onContradicted }: JobStoreOptions): JobStore {
  const jobs = new Map<string, Source<JobSnapshot>>()
  const windows = new Map<string, WindowSource>()
  const proposals = createProposals()
  /** Jobs whose version counts in this epoch. */
  const current = new Set<string>()
  let epoch: string | undefined
  let epochs = 0

  function source(id: string): Source<JobSnapshot> {
    const known = jobs.get(id) ?? createSource<JobSnapshot>(loading)
    jobs.set(id, known)
    return known
  }

  function windowSource(
    key: string,
    filter: JobFilter = {},
    limit = defaultWindowLimit,
  ): WindowSource {
    const known = windows.get(key) ?? { ...createSource<WindowSnapshot>(noWindow), filter, limit }
    windows.set(key, known)
    return known
  }

  function setJob(job: Job): void {
    const known = source(job.id)
    const before = current.has(job.id) ? known.getSnapshot().job : undefined
    const next = newerJob(before, job)
    current.add(job.id)
    if (next === known.getSnapshot().job) return
    known.set({ state: 'known', job: next })
    refreshWindows(job.id)
  }

  function setGone(id: string): void {
    if (proposals.isPending(id)) return proposals.deny(id)
    current.delete(id)
    // That it is not there is known: why it was refused would be lost.
    if (source(id).getSnapshot().state === 'gone') return
    source(id).set(gone)
    refreshWindows(id)
  }

  /** An answer is as old as its request: it may be older than what the connection said meanwhile. */
  function setAnswered(job: Job): void {
    const { state, job: before } = source(job.id).getSnapshot()
    if (current.has(job.id) && before !== undefined && job.createdAt < before.createdAt) return
    setJob(job)
    if (state === 'gone') onContradicted()
  }

  function setChange(change: JobChange): void {
    // Without its result a completed job is not complete: the whole of it is fetched first.
    if (change.resultOmitted === true) return onNeeded(change.id)
    const before = source(change.id).getSnapshot().job
    const next =
      before === undefined || !current.has(change.id) ? undefined : applyChange(before, change)
    if (next === undefined) return onNeeded(change.id)
    if (next === before) return
    source(change.id).set({ state: 'known', job: next })
    refreshWindows(change.id)
  }

  function setWindow(window: WindowFrame): void {
    proposals.heard(window)
    showWindow(window)
  }

  function refreshWindows(id: string): void {
    for (const known of windows.values()) {
      const { window, jobs: shown } = known.getSnapshot()
      if (window === undefined) continue
      const isShown = window.ids.includes(id) || shown.some((job) => job.id === id)
      if (isShown || proposals.has(id)) showWindow(window)
    }
  }

  function showWindow(window: WindowFrame): void {
    const known = windowSource(window.key)
    const members = jobsOf(window.ids)
    const proposed = jobsOf(proposals.unheardBy(window)).filter((job) =>
      isWanted(job, known.filter),
    )
    known.set({ window, jobs: withProposed(members, proposed, known.limit) })
  }

  function jobsOf(ids: readonly string[]): Job[] {
    return ids.flatMap((id) => source(id).getSnapshot().job ?? [])
  }

  function enter(next: string): void {
    if (next === epoch) return
    if (epoch !== undefined) epochs += 1
    epoch = next
    current.clear()
  }

  return {
    job: source,
    window: windowSource,
    propose(job) {
      // It is there already, and what is known of it is more than what is asked for.
      if (source(job.id).getSnapshot().state === 'known') return
      proposals.begin(job.id)
      source(job.id).set({ state: 'known', job })
      refreshWindows(job.id)
    },
    endProposal(id, reason) {
      if (!proposals.has(id)) return
      if (proposals.answered(id).wasDenied) onContradicted()
      // Unless it turned out to be there all the same.
      if (reason === undefined || current.has(id)) return
      proposals.forget(id)
      source(id).set({ state: 'gone', job: undefined, reason })
      refreshWindows(id)
    },
    isOnlyProposed: (id) =>
      proposals.has(id) &&
      [...windows.values()].some((known) => {
        const { window, jobs: shown } = known.getSnapshot()
        return window?.ids.includes(id) === false && shown.some((job) => job.id === id)
      }),
    forgetProposal(id) {
      proposals.forget(id)
      refreshWindows(id)
    },
    apply(frame) {
      switch (frame.event) {
        case 'hello':
          return enter(frame.data.epoch)
        case 'job':
          return frame.data.resultOmitted === true ? onNeeded(frame.data.id) : setJob(frame.data)
        case 'change':
          return setChange(frame.data)
        case 'gone':
          return setGone(frame.data.id)
        case 'window':
          return setWindow(frame.data)
        default:
          return // heartbeats and goodbyes are the connection's
      }
    },
    mark: () => epochs,
    applyAnswer(answer, mark) {
      // Asked before the epoch changed: nobody knows which of the two the answer is older than.
      if (answer.epoch !== epoch && mark !== epochs) return
      enter(answer.epoch)
      for (const job of answer.jobs) setAnswered(job)
    },
    remove: setGone,
    epoch: () => epoch,
    enter,
    knownVersion(id) {
      const snapshot = jobs.get(id)?.getSnapshot()
      if (snapshot?.state === 'gone') return 'gone'
      return snapshot?.state === 'known' && current.has(id)
        ? formatKnownVersion(snapshot.job)
        : undefined
    },
  }
}
