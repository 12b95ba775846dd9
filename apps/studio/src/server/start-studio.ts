/**
 * Puts the studio together: first the port, so that a second start fails before it touches anything;
 * then Postgres, sign-in, worker and pages. Requests that come in between wait for these.
 */
import type { Server } from 'node:http'
import type { Hono } from 'hono'
import type pg from 'pg'
import { attachWebSocket, createLonghaul } from 'longhaul/server'
import { createFollowUps, createSlotSearches, createSummaries } from '../contacts/contact-agents.js'
import { createAiProxy } from '../goals/ai-proxy-job.js'
import type { Provider } from '../goals/provider.js'
import type { ModelOptions } from '../model/open-model.js'
import { createResearch } from '../research/research-job.js'
import { tripComparison } from '../trips/compare/trip-comparison.js'
import { createConcierge } from '../trips/concierge/concierge.js'
import { createSearches } from '../trips/optimise/searches.js'
import { createTripOptimisation } from '../trips/optimise/trip-optimisation.js'
import { createTripGeneration } from '../trips/trip-generation.js'
import { asPrincipal, type Callers, createCallers } from './auth/callers.js'
import { createAuth } from './auth/create-auth.js'
import { openPool } from './auth/open-pool.js'
import { prepareAuth } from './auth/prepare-auth.js'
import { findAttachment } from './chat/attachments/attachment-store.js'
import { chatRoutes } from './chat/chat-routes.js'
import { keepAnswer } from './chat/conversations.js'
import { prepareChat } from './chat/prepare-chat.js'
import { createTripDesk, type TripJobs } from './chat/trip-desk.js'
import { createContactStore } from './contacts/contact-store.js'
import { prepareContacts } from './contacts/prepare-contacts.js'
import { createApp } from './http/create-app.js'
import { listen } from './http/listen.js'
import { createDeskStore } from './goals/desk-store.js'
import { prepareGoals } from './goals/prepare-goals.js'
import { createNoteStore } from './notes/note-store.js'
import { prepareNotes } from './notes/prepare-notes.js'
import { createLibrary } from './notes/search-notes.js'
import { type JobReader, readPlan } from './read-plan.js'
import { chooseWriters } from './writers.js'

export interface StudioOptions {
  readonly port: number
  readonly dataDirectory: string
  /** Without it the embedded Postgres starts in the data directory. */
  readonly database: string | pg.PoolConfig | undefined
  /** Without it the texts are put together offline. */
  readonly model?: ModelOptions | undefined
  /** Where an outside back end answers in the chat. */
  readonly backendUrl?: string | undefined
  /** Whom people may ask with keys of their own, and the key that seals these. */
  readonly provider?: (Provider & { readonly secretKey: string }) | undefined
  /** How long to search for the route of each day. */
  readonly searchMs?: number
}

export interface Studio {
  readonly url: string
  /** Stop taking requests, hand running trips back, disconnect. */
  stop(): Promise<void>
}

interface Opened {
  readonly app: Hono
  close(): Promise<void>
}

/** How long a running trip may take to come to the end of what it is doing. The next start goes on with it. */
const stopGraceMs = 1500

/** @throws {StartError | LonghaulError} whose message says what to do */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  let opening: Promise<Opened> | undefined
  const { server, port } = await listen(options.port, async (request) => {
    const { app } = await opening!
    return app.fetch(request)
  })
  const closed = new Promise((resolve) => void server.once('close', resolve))
  opening = open(options, server, port)
  try {
    await opening
  } catch (error) {
    server.close()
    server.closeAllConnections()
    throw error
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close()
      await (await opening).close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function open(options: StudioOptions, server: Server, port: number): Promise<Opened> {
  const { dataDirectory, database, model, backendUrl, provider, searchMs } = options
  const writers = await chooseWriters(model)
  let callers: Callers | undefined
  let jobs: (JobReader & TripJobs) | undefined
  let pool: pg.Pool | undefined
  const searches = createSearches()
  const openContacts = () => createContactStore(pool!)
  const longhaul = createLonghaul({
    jobs: [
      createTripGeneration({
        writer: writers.trips,
        ...(searchMs === undefined ? {} : { searchMs }),
      }),
      createTripOptimisation({
        writer: writers.trips,
        searches,
        readPlan: async (principal, request) => readPlan(jobs, principal, request),
      }),
      tripComparison,
      // No job runs before the pool is open.
      createResearch({
        library: { search: (...asked) => createLibrary(pool!).search(...asked) },
        answerer: writers.research,
      }),
      createAiProxy(() => createDeskStore(pool!), provider),
      createFollowUps(openContacts),
      createSummaries(openContacts),
      createSlotSearches(openContacts),
      createConcierge({
        assistant: writers.chat,
        backendUrl,
        desk: createTripDesk(() => jobs!),
        readAttachment: async (...asked) => (await findAttachment(pool!, ...asked))?.data,
        keepAnswer: (answer) => keepAnswer(pool!, answer),
      }),
    ],
    dataDirectory,
    ...(database === undefined ? {} : { database }),
    ...(provider === undefined ? {} : { secretKeys: [{ id: 'studio', key: provider.secretKey }] }),
    async authenticate({ headers }) {
      const caller = await callers?.find(headers)
      return caller && asPrincipal(caller)
    },
  })
  jobs = longhaul.jobs
  attachWebSocket(server, longhaul)
  const close = async (): Promise<void> => {
    await longhaul.stop({ graceMs: stopGraceMs })
    await pool?.end()
  }
  try {
    const { connection } = await longhaul.start()
    pool = openPool(connection)
    const secret = await prepareAuth(pool, port)
    await Promise.all([
      prepareNotes(pool),
      prepareGoals(pool),
      prepareChat(pool),
      prepareContacts(pool),
    ])
    await longhaul.work()
    const auth = createAuth({ pool, secret, port })
    callers = createCallers({ auth, pool })
    const about = { ...writers.chat.about, hasBackend: backendUrl !== undefined }
    const app = createApp({
      auth,
      callers,
      api: longhaul.fetch,
      chat: chatRoutes({ callers, pool, jobs: longhaul.jobs, about }),
      searches,
      notes: createNoteStore(pool),
      contacts: createContactStore(pool),
      desk: createDeskStore(pool),
      enqueue: longhaul.jobs.enqueue,
      provider,
      account: { pool, erase: longhaul.erase },
    })
    return { app, close }
  } catch (error) {
    await close()
    throw error
  }
}
