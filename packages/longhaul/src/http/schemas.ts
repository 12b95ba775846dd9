import { z } from 'zod'
import { fieldPathPattern, jobStatuses, limits } from '../core/index.js'

/**
 * The wire's shapes for the OpenAPI document and for checking requests. The TypeScript types in
 * core and protocol are the same shapes; a test parses real answers with these.
 */
const time = z.iso.datetime().describe('RFC 3339, UTC, to the millisecond')
const jobId = z.uuid().describe('UUID in lower case; version 7 when the server made it')
const json = z.unknown().describe('any JSON')

export const statusSchema = z.enum(jobStatuses)

export const jobErrorSchema = z
  .object({
    code: z.string(),
    message: z.string(),
    context: json,
    retryable: z.boolean(),
  })
  .meta({ id: 'JobError' })

const identity = {
  id: jobId,
  type: z.string(),
  typeVersion: z.int(),
  queue: z.string(),
  ownerId: z.string(),
  visibility: z.enum(['owner', 'tenant']),
  priority: z.int(),
  input: json,
  metadata: z.record(z.string(), json).nullable(),
  tags: z.array(z.string()),
  parentId: jobId.nullable(),
  createdAt: time,
}

const state = {
  status: statusSchema,
  version: z.int().describe('grows by one with every visible change'),
  progress: z.int().min(0).max(100),
  stage: z.string().nullable(),
  result: json.describe('any JSON once completed, else null'),
  error: jobErrorSchema.nullable(),
  attempt: z.int(),
  maxAttempts: z.int(),
  runAt: time,
  deadlineAt: time.nullable().describe('when it fails unless it has settled'),
  cancelRequestedAt: time.nullable(),
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  expiresAt: time.nullable(),
}

const stepSchema = z
  .object({
    key: z.string(),
    status: z.enum(['running', 'completed', 'failed']),
    runs: z.int().describe('how often its function was called, over all attempts'),
    attempt: z.int(),
    error: jobErrorSchema.nullable(),
    startedAt: time,
    finishedAt: time.nullable(),
    kind: z.enum(['step', 'sleep', 'signal', 'child']),
    wakesAt: time.nullable().describe('when a sleep, or the wait for a signal, ends by itself'),
    childId: jobId.nullable().describe('the job that a step of kind child waits for'),
  })
  .meta({ id: 'JobStep' })

const attemptSchema = z
  .object({
    attempt: z.int(),
    workerId: z.string().nullable(),
    error: jobErrorSchema,
    failedAt: time,
  })
  .meta({ id: 'JobAttempt' })

const cancellationSchema = z
  .object({
    id: z.string(),
    requestedBy: z.string(),
    reason: z.string().nullable(),
    metadata: z.record(z.string(), json).nullable(),
    status: z.enum(['pending', 'processed']),
    requestedAt: time,
    processedAt: time.nullable(),
  })
  .meta({ id: 'Cancellation' })

const epoch = z.string().describe('changes when the database restarted: forget all known versions')

export const jobSchema = z.strictObject({ ...identity, ...state }).meta({ id: 'Job' })

export const jobAnswerSchema = z
  .strictObject({
    ...identity,
    ...state,
    epoch,
    steps: z.array(stepSchema).optional(),
    attempts: z.array(attemptSchema).optional(),
    cancellations: z.array(cancellationSchema).optional(),
    waitingFor: z
      .enum(['worker', 'resume', 'quarantine'])
      .nullable()
      .optional()
      .describe(
        'what keeps a queued job from being run, though its time has come; null: only its turn',
      ),
  })
  .meta({ id: 'JobAnswer' })

const countsSchema = z.record(statusSchema, z.int())

export const jobListSchema = z
  .strictObject({
    jobs: z.array(jobSchema),
    epoch,
    nextCursor: z
      .string()
      .nullable()
      .describe('pass as `cursor` for the next page; null at the end'),
    counts: countsSchema.optional(),
    countsCapped: z.boolean().optional(),
  })
  .meta({ id: 'JobList' })

export const durationsSchema = z
  .strictObject({
    durations: z.array(
      z.strictObject({
        type: z.string(),
        runs: z.int().describe('how many jobs the figures are made of'),
        medianMs: z.int(),
        p90Ms: z.int(),
      }),
    ),
  })
  .meta({ id: 'JobDurations' })

const resultOmitted = z
  .literal(true)
  .optional()
  .describe('the result is too large for a frame: fetch the job')

const framedJobSchema = z
  .strictObject({ ...identity, ...state, resultOmitted })
  .meta({ id: 'FramedJob' })

const changeSchema = z
  .strictObject({ id: jobId, createdAt: time, ...state, resultOmitted })
  .meta({ id: 'JobChange' })

const windowSchema = z
  .strictObject({
    key: z.string(),
    tag: z.string(),
    ids: z.array(jobId),
    counts: countsSchema,
    countsCapped: z.boolean(),
    hasMore: z.boolean(),
  })
  .meta({ id: 'Window' })

const place = {
  job: jobId,
  stream: z.string(),
  seq: z.int(),
  createdAt: time.describe('of the job'),
}

/** What was written to a stream; what is dropped of it; that it comes from the start; or that there is none. */
export const chunkSchema = z
  .union([
    z.strictObject({
      ...place,
      step: z.string().nullable().describe('the step that wrote it'),
      values: z.array(json),
    }),
    z.strictObject({
      ...place,
      keep: z
        .array(z.string())
        .describe('of what came before, only the chunks of these steps stay'),
    }),
    z.strictObject({ ...place, restart: z.literal(true) }),
    z.strictObject({ job: z.string(), stream: z.string(), gone: z.literal(true) }),
  ])
  .meta({ id: 'StreamChunk' })

const endedSchema = z.enum(['completed', 'failed', 'cancelled'])

/** The stream has ended; or, of a watch that was told so before, it goes on. */
export const endSchema = z
  .strictObject({
    ...place,
    version: z.int().describe('of the job'),
    status: endedSchema.nullable().describe('null: the job was retried, and the stream goes on'),
  })
  .meta({ id: 'StreamEnd' })

export const watchAnswerSchema = z
  .strictObject({
    epoch,
    pollMs: z.int(),
    ws: z.boolean().optional().describe('the server takes WebSockets, at /ws'),
    jobs: z.array(framedJobSchema),
    changes: z.array(changeSchema),
    gone: z.array(z.string()),
    windows: z.array(windowSchema),
    chunks: z.array(chunkSchema),
    ends: z.array(endSchema),
  })
  .meta({ id: 'WatchAnswer' })

export const streamAnswerSchema = z
  .strictObject({
    job: jobId,
    stream: z.string(),
    chunks: z.array(chunkSchema),
    end: endSchema.nullable(),
    epoch,
  })
  .meta({ id: 'StreamAnswer' })

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    retryable: z.boolean(),
    requestId: z.string().optional(),
    errors: z
      .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' })

const anyNames = z.array(z.string().max(limits.nameBytes)).max(50)
const names = anyNames.min(1)

const fieldsOf = <Text extends z.ZodString>(text: Text) =>
  z
    .record(
      z.string().regex(fieldPathPattern, 'must be a field, or a path such as contact.id'),
      z.union([text, z.number(), z.boolean(), z.null()]),
    )
    .refine((fields) => Object.keys(fields).length <= limits.fieldsPerFilter, {
      message: `must have at most ${limits.fieldsPerFilter} fields`,
    })
    .describe('values of fields of the input that the job type names in filterBy')

export const inputFilterSchema = fieldsOf(z.string().max(limits.fieldValueBytes))

export const parentSchema = z
  .uuid()
  .describe('the items of this batch, or what this job has spawned')

/** Which jobs: the body form, for watches. */
export const filterSchema = z
  .strictObject({
    status: z.array(statusSchema).min(1).optional(),
    type: names.optional(),
    queue: names.optional(),
    tags: names.optional(),
    input: inputFilterSchema.optional(),
    parent: parentSchema.optional(),
    scope: z.enum(['own', 'visible']).optional(),
  })
  .meta({ id: 'JobFilter' })

/** More than a name, an id or a value that can be found has: what no job can have is no reason to refuse what else is watched. */
const anyText = z.string().max(2048)

/** Nothing chosen finds nothing, as does what comes out of an address and is none. */
const watchedFilterSchema = filterSchema
  .extend({
    status: z.array(statusSchema).optional(),
    type: anyNames.optional(),
    queue: anyNames.optional(),
    tags: anyNames.optional(),
    input: fieldsOf(anyText).optional(),
    parent: anyText.optional(),
  })
  .meta({ id: 'WatchedJobs' })

export const watchRequestSchema = z
  .strictObject({
    watches: z
      .array(
        z.union([
          z.strictObject({ job: z.string().max(64) }),
          z.strictObject({
            job: z.string().max(64),
            stream: anyText,
            from: z
              .string()
              .max(64)
              .optional()
              .describe('the last chunk that the client has: seq@createdAt; or gone'),
            ended: z
              .int()
              .min(0)
              .optional()
              .describe('the version of the end that the client knows of'),
          }),
          z.strictObject({
            key: z.string().min(1).max(64),
            jobs: watchedFilterSchema,
            limit: z.int().min(1).max(limits.pageSize).optional(),
            tag: z.string().max(64).optional().describe('of the window as the client has it'),
          }),
        ]),
      )
      .max(limits.watchesPerConnection),
    known: z.record(z.string().max(64), z.string().max(64)).optional(),
    epoch: z.string().max(64).optional(),
  })
  .meta({ id: 'WatchRequest' })

export const scheduleSchema = z
  .strictObject({
    id: z.string(),
    ownerId: z.string(),
    type: z.string(),
    input: json,
    priority: z.int(),
    tags: z.array(z.string()),
    cron: z.string(),
    timeZone: z.string(),
    missed: z.enum(['skip', 'once', 'all']),
    paused: z.boolean(),
    nextAt: time,
    lastAt: time.nullable().describe('the last time for which a job was made'),
    lastError: jobErrorSchema.nullable().describe('why the last time made none'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Schedule' })
