import { AsyncLocalStorage } from 'node:async_hooks'
import {
  defaultStream,
  encodeJson,
  isName,
  JobFailure,
  type JobStream,
  type JobStreams,
  limits,
  LonghaulError,
} from '../../../core/index.js'
import type { StreamHead } from '../../../postgres/index.js'
import type { RunningJob } from '../running-job.js'
import { createOneStream, type OneStream } from './one-stream.js'
import type { StreamWriter } from './stream-writer.js'

export interface StreamsOfJob {
  /** What the handler gets. Only handlers that ask for it pay for knowing which step they are in. */
  use(): JobStreams
  inStep<T>(key: string, work: () => T): T
  flush(): Promise<void>
  /** Whether a step has written to streams: what it has written can only be taken back by another attempt. */
  hasWritten(step: string): boolean
  /** Whether there is anything of this job in streams. */
  areUsed(): boolean
}

export interface JobStreamsOptions {
  readonly job: RunningJob
  readonly heads: readonly StreamHead[]
  readonly streamWriter: StreamWriter
}

/** The step in which the running code is, also after it has awaited something. */
const currentStep = new AsyncLocalStorage<string>()

/** The streams of one attempt. Those that earlier attempts have left unfinished are reset at once. */
export function createJobStreams({ job, heads, streamWriter }: JobStreamsOptions): StreamsOfJob {
  const streams = new Map<string, OneStream>()
  let bytes = heads.reduce((sum, head) => sum + head.bytes, 0)
  let buffered = 0
  let isUsed = false
  const writers = new Set<string>()

  for (const head of heads) open(head.stream, head)

  function open(name: string, head?: StreamHead): OneStream {
    const stream = createOneStream({
      name,
      seq: head?.seq ?? 0,
      keep: head?.isStale === true ? head.finishedSteps : undefined,
      send: (chunks, options) => job.track(streamWriter.write(job, chunks, options)),
      stored: (characters) => void (buffered -= characters),
    })
    streams.set(name, stream)
    return stream
  }

  function find(name: string): OneStream {
    const known = streams.get(name)
    if (known !== undefined) return known
    if (!isName(name)) throw badName(name)
    if (streams.size >= limits.streamsPerJob) throw overLimit(`${limits.streamsPerJob} streams`)
    return open(name)
  }

  function streamNamed(name: string): JobStream {
    return {
      write(value) {
        if (job.isClosed()) return
        const what = `a value of the stream ${name}`
        const json = encodeJson(value, {
          what,
          maxBytes: limits.streamValueBytes,
          badCharacters: 'replace',
          redact: (text) => job.redact(text),
        })
        const stream = find(name)
        bytes += json.length
        if (bytes > limits.streamBytes) throw overLimit(`${limits.streamBytes} bytes`)
        if (buffered + json.length > limits.streamBufferBytes) throw overflow(name)
        buffered += json.length
        const step = currentStep.getStore()
        if (step !== undefined) writers.add(step)
        stream.write(json, step)
      },
      flush: async () => streams.get(name)?.flush(),
    }
  }

  const context: JobStreams = Object.assign(streamNamed, streamNamed(defaultStream))
  return {
    use() {
      isUsed = true
      return context
    },
    inStep: (key, work) => (isUsed ? currentStep.run(key, work) : work()),
    async flush() {
      await Promise.all([...streams.values()].map((stream) => stream.flush()))
    },
    hasWritten: (step) => writers.has(step),
    areUsed: () => streams.size > 0,
  }
}

function badName(name: string): LonghaulError {
  return new LonghaulError(
    'invalid_configuration',
    `A stream is called ${JSON.stringify(name)}. Use 1 to 64 of a-z, 0-9, ".", "_" and "-", and begin with a letter or digit.`,
  )
}

function overLimit(most: string): JobFailure {
  return new JobFailure(
    `A job can write at most ${most}. Write less, or store it elsewhere and write where.`,
    { code: 'stream_limit', retryable: false },
  )
}

function overflow(name: string): JobFailure {
  return new JobFailure(
    `More than ${limits.streamBufferBytes} bytes of the stream ${name} wait for the database, which takes them more slowly than they are written. ` +
      'Await flush() now and then to go at its pace.',
    { code: 'stream_overflow', retryable: true },
  )
}
