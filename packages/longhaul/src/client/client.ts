import { createAskForJob, createNeededJobs } from './ask-for-job.js'
import { createConnection } from './connection.js'
import { createHttp } from './http.js'
import { createJobCalls, newJobId } from './job-calls.js'
import { createJobCreator } from './job-creator.js'
import { createJobStore } from './job-store.js'
import { createLater } from './later.js'
import type { ClientOptions, LonghaulClient } from './longhaul-client.js'
import { type Platform, platformOf } from './platform.js'
import { readStream } from './read-stream.js'
import { createScheduleCalls } from './schedules.js'
import { createStreamStore } from './stream-store.js'
import { createTabGroup } from './tab-group.js'
import { createViews } from './views.js'
import { createWindowNames } from './window-names.js'

export function createClient(options: ClientOptions): LonghaulClient {
  return createClientOn(platformOf(options), options)
}

export function createClientOn(platform: Platform, options: ClientOptions): LonghaulClient {
  const http = createHttp(options, platform.timings)
  const store = createJobStore({
    onNeeded: (id) => fetchNeeded(id),
    onContradicted: () => connection.askAgain(),
  })
  const streams = createStreamStore(store.mark)
  const windowNames = createWindowNames()
  const connection = createConnection({
    http,
    store,
    streams,
    windowNames,
    platform,
    live: options.live ?? true,
    pollMs: options.pollMs,
  })
  const later = createLater()
  const ask = createAskForJob(http, store)
  const fetchNeeded = createNeededJobs(ask, store, later)
  const creator = createJobCreator({ ...platform.timings, store, ask, look: fetchNeeded, later })
  const views = createViews({ store, streams, connection, creator, windowNames })

  return {
    ...views,
    jobs: createJobCalls({ http, store, streams, ask, creator }),
    schedules: createScheduleCalls(http),
    readStream: (id, { name, signal } = {}) => readStream(views.stream(id, name), signal),
    connection: {
      subscribe: connection.status.subscribe,
      getSnapshot: connection.status.getSnapshot,
      retryNow: connection.retryNow,
      preferPolling: connection.preferPolling,
    },
    tabs: createTabGroup(`longhaul ${options.url}`),
    newJobId,
    close() {
      later.close()
      connection.close()
    },
  }
}
