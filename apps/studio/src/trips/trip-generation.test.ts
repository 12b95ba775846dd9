import { type Job, type JobStatus, type JobStep, type Principal } from 'longhaul'
import { createLonghaul, type Longhaul } from 'longhaul/server'
import { startTestDatabase, type TestDatabase } from 'longhaul/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createTripGeneration, type TripGenerationOptions } from './trip-generation.js'
import type { TripRequest } from './request/trip-request.js'
import type { TripPlan } from './trip-plan.js'
import { offlineWriter } from './writing/offline-writer.js'
import type { Writer } from './writing/writer.js'

type App = Longhaul<[ReturnType<typeof createTripGeneration>]>

const ada: Principal = { tenantId: 'acme', userId: 'ada', roles: [] }
const twoDays: TripRequest = {
  destination: 'Lisbon',
  dates: { start: '2027-05-30', end: '2027-05-31' },
}

let server: TestDatabase
beforeAll(async () => {
  server = await startTestDatabase()
})
afterAll(() => server.stop())

async function startApp(options: Partial<TripGenerationOptions> = {}): Promise<App> {
  const app = createLonghaul({
    jobs: [createTripGeneration({ writer: offlineWriter, searchMs: 20, ...options })],
    database: server.database,
    authenticate: () => ada,
  })
  onTestFinished(() => app.stop({ graceMs: 0 }))
  await app.work()
  return app
}

async function plan(app: App, request: TripRequest): Promise<string> {
  return (await app.jobs.enqueue('ai_trip_generation', request, { principal: ada })).id
}

async function until(app: App, id: string, status: JobStatus): Promise<Job> {
  for (;;) {
    const job = await app.jobs.get(ada, id)
    if (job.status === status) return job
    if (job.status === 'failed') throw new Error(job.error.message)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** As a plain HTTP client reads them. */
async function runsOf(app: App, id: string): Promise<Record<string, number>> {
  const response = await app.fetch(
    new Request(`http://localhost/api/longhaul/jobs/${id}?include=steps`),
  )
  const { steps } = (await response.json()) as { steps: JobStep[] }
  return Object.fromEntries(steps.map(({ key, runs }) => [key, runs]))
}

/** Resolves when it is stored that the step has begun. */
async function untilStep(app: App, id: string, step: string): Promise<void> {
  while (!(step in (await runsOf(app, id)))) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Waits at one step until the job is stopped, as for a slow model. */
function writerThatHangs(at: string): Writer {
  return {
    ...offlineWriter,
    writeDay(job, stepName, facts) {
      if (stepName !== at) return offlineWriter.writeDay(job, stepName, facts)
      return job.step(
        stepName,
        () =>
          new Promise<string>((_, reject) => {
            job.signal.addEventListener('abort', () => reject(job.signal.reason as Error))
          }),
      )
    },
  }
}

describe('ai_trip_generation', () => {
  it('makes a plan: a round for each day, dated, written about, and on a map', async () => {
    const app = await startApp()
    const id = await plan(app, { ...twoDays, preferences: { style: 'slow', interests: ['food'] } })
    const { result, progress } = await until(app, id, 'completed')
    expect(progress).toBe(100)
    expect(result).toMatchObject({
      destination: { name: 'Lisbon', country: 'PT' },
      preferences: { style: 'relaxed', unused: ['food'] },
      days: [
        { number: 1, date: '2027-05-30', text: expect.stringContaining('Lisbon') },
        { number: 2, date: '2027-05-31', text: expect.stringContaining('Lisbon') },
      ],
      writer: { kind: 'offline', model: null },
    })
    const { days, totals, map, attribution } = result as TripPlan
    const names = days.flatMap(({ stops }) => stops.map(({ name }) => name))
    expect(new Set(names).size).toBe(names.length)
    expect(totals.stops).toBe(names.length)
    expect(map.land.length).toBeGreaterThan(0)
    expect(attribution.map(({ who }) => who)).toContain('GeoNames')
  })

  it('fails at once with destination_not_found when there is no such place', async () => {
    const app = await startApp()
    const id = await plan(app, { ...twoDays, destination: 'Nowhereville-xq' })
    await expect(until(app, id, 'completed')).rejects.toThrow(/No place called “Nowhereville-xq”/)
    expect(await app.jobs.get(ada, id)).toMatchObject({
      status: 'failed',
      attempt: 1,
      error: {
        code: 'destination_not_found',
        context: { destination: 'Nowhereville-xq', suggestions: [] },
      },
    })
  })

  it('goes on in the step where its worker stopped, and runs no finished step again', async () => {
    const first = await startApp({ writer: writerThatHangs('write day 2') })
    const id = await plan(first, twoDays)
    await untilStep(first, id, 'write day 2')
    await first.stop({ graceMs: 0 })

    const second = await startApp()
    await until(second, id, 'completed')
    expect(await runsOf(second, id)).toEqual({
      'find destination': 1,
      'choose places': 1,
      'plan days': 1,
      'order day 1': 1,
      'order day 2': 1,
      'write day 1': 1,
      'write day 2': 2,
      'draw map': 1,
    })
  })

  it('stops searching when it is cancelled, and a retry goes on with what is finished', async () => {
    const slow = await startApp({ searchMs: 600_000 })
    const id = await plan(slow, twoDays)
    await untilStep(slow, id, 'order day 1')
    await slow.jobs.cancel({ principal: ada, id })
    expect(await until(slow, id, 'cancelled')).toMatchObject({ result: null })
    await slow.stop({ graceMs: 0 })

    const quick = await startApp()
    await quick.jobs.retry(ada, id)
    await until(quick, id, 'completed')
    expect(await runsOf(quick, id)).toMatchObject({
      'plan days': 1,
      'order day 1': 2,
      'order day 2': 1,
    })
  })
})
