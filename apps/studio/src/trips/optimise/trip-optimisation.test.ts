import type { Job, JobStatus, Principal } from 'longhaul'
import { createLonghaul, type Longhaul } from 'longhaul/server'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { readPlan } from '../../server/read-plan.js'
import { createTripGeneration } from '../trip-generation.js'
import { offlineWriter } from '../writing/offline-writer.js'
import type { TripPlan } from '../trip-plan.js'
import type { OptimisationRequest } from './optimisation.js'
import { createSearches, type Searches } from './searches.js'
import { createTripOptimisation } from './trip-optimisation.js'

type App = Longhaul<
  [ReturnType<typeof createTripGeneration>, ReturnType<typeof createTripOptimisation>]
>

const ada: Principal = { tenantId: 'acme', userId: 'ada', roles: [] }
const grace: Principal = { tenantId: 'globex', userId: 'grace', roles: [] }

let server: TestDatabase
beforeAll(async () => {
  server = await startTestDatabase()
})
afterAll(() => server.stop())

async function startApp(searches: Searches = createSearches()): Promise<App> {
  const app: App = createLonghaul({
    jobs: [
      // So short a search leaves something to find.
      createTripGeneration({ writer: offlineWriter, searchMs: 1 }),
      createTripOptimisation({
        writer: offlineWriter,
        searches,
        readPlan: (principal, request) => readPlan(app.jobs, principal, request),
      }),
    ],
    database: server.database,
    authenticate: () => ada,
  })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.work()
  return app
}

async function until(app: App, id: string, status: JobStatus, principal = ada): Promise<Job> {
  for (;;) {
    const job = await app.jobs.get(principal, id)
    if (job.status === status) return job
    if (job.status === 'failed') throw new Error(job.error.message)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A finished trip whose days can be arranged better. */
async function plannedTrip(app: App): Promise<{ tripId: string; plan: TripPlan }> {
  const { id } = await app.jobs.enqueue(
    'ai_trip_generation',
    { destination: 'Lisbon', dates: { duration: 7 }, preferences: { style: 'active' } },
    { principal: ada },
  )
  const { result } = await until(app, id, 'completed')
  return { tripId: id, plan: result as TripPlan }
}

async function optimise(
  app: App,
  request: Pick<OptimisationRequest, 'tripId'> & Partial<OptimisationRequest>,
  principal = ada,
): Promise<string> {
  const input = { name: 'Lisbon', seconds: 1, ...request }
  return (await app.jobs.enqueue('ai_optimization', input, { principal })).id
}

function decide(app: App, id: string, take: boolean): Promise<unknown> {
  return app.jobs.signal({ principal: ada, id, name: 'decision', payload: { take } })
}

const namesOf = ({ days }: TripPlan): string[] =>
  days.flatMap(({ stops }) => stops.map(({ name }) => name))

describe('a search for less driving', { timeout: 60_000 }, () => {
  it('waits for its traveller, and then writes down the same stops with less driving', async () => {
    const app = await startApp()
    const { tripId, plan } = await plannedTrip(app)
    const id = await optimise(app, { tripId })
    expect(await until(app, id, 'waiting')).toMatchObject({ result: null, progress: 85 })
    await decide(app, id, true)
    const { result } = await until(app, id, 'completed')
    const {
      outcome,
      before,
      after,
      plan: better,
    } = result as never as {
      outcome: string
      before: { driveMinutes: number }
      after: { driveMinutes: number }
      plan: TripPlan
    }
    expect(outcome).toBe('taken')
    expect(before.driveMinutes).toBe(plan.totals.driveMinutes)
    expect(after.driveMinutes).toBeLessThan(before.driveMinutes)
    expect(better.totals.driveMinutes).toBe(after.driveMinutes)
    expect(namesOf(better).sort()).toEqual(namesOf(plan).sort())

    // The next one goes on from there, and is no worse.
    const next = await optimise(app, { tripId, from: id })
    const found = await Promise.race([until(app, next, 'waiting'), until(app, next, 'completed')])
    if (found.status === 'waiting') await decide(app, next, false)
    const last = await until(app, next, 'completed')
    expect(last.result).toMatchObject({ before: { driveMinutes: after.driveMinutes }, plan: null })
  })

  it('leaves the trip as it was when the traveller says so', async () => {
    const app = await startApp()
    const { tripId } = await plannedTrip(app)
    const id = await optimise(app, { tripId })
    await until(app, id, 'waiting')
    await decide(app, id, false)
    expect((await until(app, id, 'completed')).result).toMatchObject({
      outcome: 'dropped',
      plan: null,
    })
  })

  it('ends with what it has found when that is enough, long before its time', async () => {
    const searches = createSearches()
    const app = await startApp(searches)
    const { tripId } = await plannedTrip(app)
    const begun = Date.now()
    const id = await optimise(app, { tripId, seconds: 120 })
    await foundSomething(app, id)
    searches.stop(id)
    await until(app, id, 'waiting')
    expect(Date.now() - begun).toBeLessThan(60_000)
  })

  it('finds no trip in another tenant, and none that is not finished', async () => {
    const app = await startApp()
    const { tripId } = await plannedTrip(app)
    for (const [principal, wanted] of [
      [grace, tripId],
      [ada, crypto.randomUUID()],
    ] as const) {
      const id = await optimise(app, { tripId: wanted }, principal)
      await expect(until(app, id, 'completed', principal)).rejects.toThrow('The trip is not there')
    }
  })
})

/** Resolves when the search has written a better arrangement to its stream. */
async function foundSomething(app: App, id: string): Promise<void> {
  for (;;) {
    const response = await app.fetch(
      new Request(`http://localhost/api/longhaul/jobs/${id}/streams/best?wait=20`),
    )
    if ((await response.text()).includes('driveMinutes')) return
  }
}
