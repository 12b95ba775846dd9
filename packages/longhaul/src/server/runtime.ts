import type { LonghaulError } from '../core/index.js'
import {
  createErase,
  createJobs,
  createQueues,
  createSchedules,
  createSecretStore,
  createVault,
  type Erase,
  type Jobs,
  type Queues,
  type RequestContext,
  type Schedules,
  type SecretStore,
} from '../engine/index.js'
import { createHub, createTickets, type Hub, type Tickets } from '../live/index.js'
import { checkMigrated, createHints, type Hints, migrate, readEpoch } from '../postgres/index.js'
import { makeId } from './make-id.js'
import { type Databases, openDatabases } from './open-databases.js'
import type { Settings } from './options.js'
import { watchSchema } from './watch-schema.js'

/** Everything of one process that needs the database. */
export interface Runtime {
  readonly databases: Databases
  readonly hints: Hints
  readonly jobTypes: RequestContext
  readonly jobs: Jobs
  readonly schedules: Schedules
  readonly queues: Queues
  readonly secrets: SecretStore
  readonly erase: Erase
  readonly hub: Hub
  readonly tickets: Tickets
  close(): Promise<void>
}

/** Long enough for every proxy between here and the browser to keep the connection. */
const heartbeatMs = 15_000

/** @param onIncompatible a newer version has changed the schema under us: nothing more may be done here */
export async function startRuntime(
  settings: Settings,
  onIncompatible: (why: LonghaulError) => void,
): Promise<Runtime> {
  const { definitions, logger, pollMs, connections } = settings
  const databases = await openDatabases(settings)
  const { api, connection } = databases
  try {
    await (settings.migrate ? migrate(api) : checkMigrated(api))
    await readEpoch(api)
  } catch (error) {
    await databases.close()
    throw error
  }
  const hints = createHints({
    db: api,
    connection,
    logger,
    onSilent: () => databases.dropConnections(),
  })
  const endWatch = watchSchema({ db: api, hints }, onIncompatible)
  const vault = createVault(settings.secretKeys)
  const jobTypes = { definitions, makeId, vault }
  const jobs = createJobs({ db: api, hints, ...jobTypes })
  const schedules = createSchedules({ db: api, hints, ...jobTypes })
  const hub = createHub({ db: api, hints, jobs, logger, heartbeatMs, pollMs, connections })
  return {
    databases,
    hints,
    jobTypes,
    jobs,
    schedules,
    queues: createQueues({ db: api, hints, definitions: settings.definitions }),
    secrets: createSecretStore(api, vault),
    erase: createErase({ db: api, hints }),
    hub,
    tickets: createTickets(api),
    async close() {
      endWatch()
      hub.close()
      await hints.close()
      await databases.close()
    },
  }
}
