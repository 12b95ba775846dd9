import {
  encodeJson,
  type JobDefinition,
  type Json,
  type Logger,
  LonghaulError,
  parseWith,
  type Principal,
  type Schema,
  type SchemaInput,
  type SchemaOutput,
} from '../core/index.js'
import { createFamily } from './inline-family.js'
import { createInlineJob, type InlineJob } from './inline-job.js'

export interface InlineOptions {
  /** @defaultValue a user of a tenant, both called `test` */
  readonly principal?: Principal
  /**
   * Signals that have been sent before the job begins, by name.
   *
   * @defaultValue none
   */
  readonly signals?: Readonly<Record<string, Json>>
  /**
   * What `secrets.get` gives, by name.
   *
   * @defaultValue none
   */
  readonly secrets?: Readonly<Record<string, string>>
  /**
   * The job types that it, and what it spawns, may spawn. Its own is among them.
   *
   * @defaultValue none but its own
   */
  readonly jobs?: readonly JobDefinition[]
  /**
   * Where `log` goes.
   *
   * @defaultValue nowhere
   */
  readonly logger?: Logger
}

const nobody: Principal = { tenantId: 'test', userId: 'test', roles: [] }
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/**
 * Run a job of a type without a database, a worker or a wait: steps, retries, waits, signals and
 * streams go as they do in a worker, and its clock is moved by the test. Sleeps of up to a second,
 * waits between the tries of one step, timeouts and `sleepUntil` keep to the machine's clock; there
 * are no deadlines. What it spawns is run inline, too. A step's transaction is opened where the step says.
 *
 * @throws {LonghaulError} `invalid_input`
 * @example
 * const job = await runInline(approval, { amount: 40 })
 * await job.signal('approved', true)
 * expect(job.status).toBe('completed')
 */
export async function runInline<I extends Schema, R extends Schema>(
  definition: JobDefinition<string, I, R>,
  input: SchemaInput<I>,
  options: InlineOptions = {},
): Promise<InlineJob<SchemaOutput<R>>> {
  const { principal = nobody, signals = {}, secrets = {}, jobs = [], logger = silent } = options
  const family = createFamily([...jobs, definition], logger)
  const job = createInlineJob(family, {
    definition,
    id: family.makeId(),
    parentId: null,
    input: await parseInput(definition, input),
    principal,
    secrets,
    signals,
    delayMs: 0,
  })
  await family.goOn()
  return job
}

async function parseInput<I extends Schema>(
  { type, input: schema }: JobDefinition<string, I>,
  input: unknown,
): Promise<Json> {
  const checked = await parseWith(schema, input, '/input')
  if (!checked.ok)
    throw new LonghaulError('invalid_input', `The input does not fit the schema of ${type}.`, {
      issues: checked.issues,
    })
  return JSON.parse(encodeJson(checked.value, { what: 'the input' })) as Json
}
