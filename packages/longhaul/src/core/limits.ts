/**
 * What one request, one job and one value may be at most. The API checks them before the
 * database does, and each error message names the limit, so they are collected here.
 */
export const limits = {
  /** Bytes of a request body, of a job's input and of a result, as UTF-8 JSON. */
  payloadBytes: 1_048_576,
  metadataBytes: 65_536,
  /** How deep arrays and objects may be nested. */
  jsonDepth: 64,
  /** How many members all objects of a value may have together. */
  jsonKeys: 10_000,
  jsonKeyBytes: 256,
  /** Tenant ids, user ids and names. */
  nameBytes: 64,
  idempotencyKeyBytes: 255,
  stageCharacters: 200,
  reasonCharacters: 500,
  tags: 20,
  /** Priorities run from minus this to plus this. */
  priority: 1000,
  attempts: 1000,
  /** What one job may carry, and the bytes of one. */
  secretsPerJob: 20,
  secretBytes: 8192,
  /** How far ahead a job may be scheduled: five years. */
  delayMs: 158_112_000_000,
  /** How many jobs are enqueued by one call. */
  jobsPerBatch: 10_000,
  /** How many items one batch can have. */
  itemsPerBatch: 50_000,
  /** Fields of the input by which jobs of a type can be found, and how many a filter may have. */
  fieldsPerType: 8,
  fieldsPerFilter: 5,
  fieldValueBytes: 256,
  stepsPerJob: 1000,
  streamsPerJob: 16,
  /** Bytes of one value written to a stream, as UTF-8 JSON; of all that one job writes; and of what may wait to be stored. */
  streamValueBytes: 65_536,
  streamBytes: 8_388_608,
  streamBufferBytes: 1_048_576,
  /** How many signals of a job may wait to be received. */
  signalsPerJob: 1000,
  schedulesPerOwner: 100,
  pageSize: 200,
  watchesPerConnection: 500,
  streamsPerConnection: 50,
} as const
