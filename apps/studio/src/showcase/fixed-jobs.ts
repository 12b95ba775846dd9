import type { Job, JobStep } from 'longhaul/client'

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()

type State = Partial<Omit<Job, 'status'>> & {
  readonly name: string
  readonly status: Job['status']
}

/** A job in each status that people see, as the wire has it. */
const states: readonly State[] = [
  { name: 'Trip to Lisbon', status: 'queued', attempt: 0, startedAt: null },
  {
    name: 'Trip to Kyoto',
    status: 'running',
    progress: 40,
    stage: 'Choosing places near the river',
  },
  { name: 'Trip to Cusco', status: 'running', startedAt: ago(4) },
  { name: 'Trip to Bergen', status: 'waiting', progress: 70, stage: 'Waiting for your approval' },
  { name: 'Trip to Palermo', status: 'completed', progress: 100, result: {}, finishedAt: ago(320) },
  {
    name: 'Trip to Atlantis',
    status: 'failed',
    progress: 15,
    finishedAt: ago(610),
    error: {
      code: 'destination_not_found',
      message: 'There is no place called Atlantis. Did you mean Atlanta?',
      context: null,
      retryable: false,
    },
  },
  { name: 'Trip to Tbilisi', status: 'cancelled', progress: 60, finishedAt: ago(4000) },
  {
    name: 'Trip to Valparaíso',
    status: 'running',
    progress: 30,
    stage: 'Planning the days',
    cancelRequestedAt: ago(2),
  },
  {
    name: 'A trip with a name that is much longer than a phone is wide',
    status: 'queued',
    attempt: 2,
    runAt: new Date(Date.now() + 3_600_000).toISOString(),
  },
]

export const jobs: readonly Job[] = states.map(({ name, ...state }, n) => asJob(n, name, state))

/** More of them, so that a list has pages. */
export const pastJobs: readonly Job[] = Array.from({ length: 12 }, (_, n) =>
  asJob(100 + n, `Trip no. ${12 - n}`, {
    status: 'completed',
    progress: 100,
    result: {},
    createdAt: ago(90_000 + n * 5000),
    startedAt: ago(90_000 + n * 5000),
    finishedAt: ago(89_900 + n * 5000),
  }),
)

export function nameOf({ input }: Job): string {
  return (input as { readonly name: string }).name
}

export function stepsOf(job: Job): JobStep[] {
  if (job.startedAt === null) return []
  const isDone = job.status === 'completed'
  const step = (key: string, from: number, to: number | null): JobStep => ({
    key,
    kind: 'step',
    status: to === null ? 'running' : 'completed',
    runs: key === 'choose places' ? 2 : 1,
    attempt: 1,
    error: null,
    wakesAt: null,
    childId: null,
    startedAt: ago(from),
    finishedAt: to === null ? null : ago(to),
  })
  return [
    step('find the destination', 75, 74.6),
    step('choose places', 74, 30),
    step('plan day 1', 30, isDone ? 12 : null),
  ]
}

function asJob(n: number, name: string, state: Omit<State, 'name'>): Job {
  return {
    id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    type: 'trip',
    typeVersion: 1,
    queue: 'trip',
    ownerId: 'ada',
    visibility: 'owner',
    priority: 0,
    input: { name },
    metadata: null,
    tags: [],
    parentId: null,
    createdAt: before(startOf(state), 2 + n) ?? ago(80 + n),
    version: 3,
    progress: 0,
    stage: null,
    result: null,
    error: null,
    attempt: 1,
    maxAttempts: 5,
    runAt: ago(80),
    deadlineAt: null,
    cancelRequestedAt: null,
    startedAt: startOf(state),
    finishedAt: null,
    expiresAt: null,
    ...state,
  } as Job
}

function before(time: string | null, seconds: number): string | null {
  return time === null ? null : new Date(Date.parse(time) - seconds * 1000).toISOString()
}

function startOf({ status, finishedAt }: Omit<State, 'name'>): string | null {
  if (status === 'queued') return null
  return finishedAt ? new Date(Date.parse(finishedAt) - 124_000).toISOString() : ago(75)
}
