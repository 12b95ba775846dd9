import type { JobServices, RunJob } from '../engine/index.js'
import type { JobKey, NewChunk } from '../postgres/index.js'

export interface InlineStreams {
  readonly writer: JobServices['streamWriter']
  heads(): RunJob['stored']['heads']
  /** What a stream holds for a reader. */
  read(stream: string): unknown[]
}

/** The chunks of a job run inline, where its worker would have them in Postgres. */
export function createInlineStreams(
  key: JobKey,
  isFinished: (step: string | undefined) => boolean,
): InlineStreams {
  let chunks: NewChunk[] = []

  function headOf(stream: string): RunJob['stored']['heads'][number] {
    const all = chunks.filter((chunk) => chunk.stream === stream)
    const kept = all.filter(({ step }) => isFinished(step))
    return {
      tenantId: key.tenantId,
      jobId: key.id,
      stream,
      seq: all.at(-1)?.seq ?? 0,
      bytes: kept.reduce((sum, { content }) => sum + content.length, 0),
      isStale: all.some(({ keep, step }) => keep === undefined && !isFinished(step)),
      finishedSteps: [...new Set(kept.flatMap(({ step }) => step ?? []))],
    }
  }

  return {
    writer: {
      async write(_job, written) {
        for (const chunk of written) {
          const { keep, stream } = chunk
          if (keep !== undefined)
            chunks = chunks.filter(
              (each) =>
                each.stream !== stream || (each.step !== undefined && keep.includes(each.step)),
            )
          chunks.push(chunk)
        }
      },
      ended: () => undefined,
      close: async () => undefined,
    },
    heads: () => [...new Set(chunks.map(({ stream }) => stream))].map(headOf),
    read: (stream) =>
      chunks
        .filter((chunk) => chunk.stream === stream)
        .flatMap(({ content }) => JSON.parse(content) as unknown[]),
  }
}
