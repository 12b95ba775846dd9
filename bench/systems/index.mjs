// Who takes part: what it needs, its own published best settings, and what cannot be compared. Each folder
// has a file for every kind of job that the system can do.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const systems = {
  longhaul: {
    title: 'Longhaul',
    server: 'postgres',
    best: { concurrency: 500 },
    note: 'as it ships: history, fences, leases, versions and hints on',
  },
  limit: {
    title: 'limit',
    package: 'pg',
    server: 'postgres',
    best: { batch: 500 },
    note: 'a bare loop of batched SQL: history, but no fence, lease, version, limit or turn; not something to use',
  },
  'pg-boss': {
    title: 'pg-boss',
    package: 'pg-boss',
    server: 'postgres',
    best: {
      useListenNotify: true,
      worker: {
        batchSize: 500,
        localConcurrency: 4,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: 0.5,
      },
    },
    isPeer: true,
  },
  'graphile-worker': {
    title: 'graphile-worker',
    package: 'graphile-worker',
    server: 'postgres',
    best: {
      concurrentJobs: 24,
      maxPoolSize: 20,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
    isPeer: true,
    note: 'deletes finished jobs: it writes less, and keeps no history',
  },
  bullmq: {
    title: 'BullMQ',
    package: 'bullmq',
    server: 'redis',
    best: { worker: { concurrency: 100 }, job: { removeOnComplete: true, removeOnFail: 1000 } },
    isPeer: true,
    note: 'on Redis, which holds all in memory; without `--durable` it fsyncs once a second, so a power cut loses up to that. Deletes finished jobs',
  },
  'socket-io': {
    title: 'socket.io',
    package: 'socket.io',
    server: 'postgres',
    best: { connectionStateRecovery: {} },
    isPeer: true,
    note: 'told of each change by a bare NOTIFY, as the limit is; over WebSocket',
  },
  'resumable-stream': {
    title: 'resumable-stream',
    package: 'resumable-stream',
    server: 'redis',
    best: {},
    isPeer: true,
    note: 'the streams are in the memory of the process that makes them, and lost with it; Redis passes on what is new',
  },
  dbos: {
    title: 'DBOS',
    package: '@dbos-inc/dbos-sdk',
    server: 'postgres',
    best: {
      database: { systemDatabasePoolSize: 20, useListenNotify: true },
      queue: { workerConcurrency: 100, minPollingIntervalMs: 50 },
    },
    isPeer: true,
    note: 'every job is a durable workflow',
  },
  openworkflow: {
    title: 'OpenWorkflow',
    package: 'openworkflow',
    server: 'postgres',
    best: { concurrency: 100 },
    isPeer: true,
    note: 'every job is a durable workflow',
  },
}

/** Whether a system can do jobs of a kind: 'noop', 'steps', 'progress' or 'cancel'. */
export function canDo(system, kind) {
  return existsSync(fileURLToPath(new URL(`./${system}/${kind}.mjs`, import.meta.url)))
}

/** With its published best settings, or as it comes. The limit is no product and has no defaults. */
export function settingsOf(system, { defaults }) {
  return defaults && system !== 'limit' ? {} : systems[system].best
}
