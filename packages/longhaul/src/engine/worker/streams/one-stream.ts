import type { NewChunk } from '../../../postgres/index.js'

export interface OneStream {
  /** @param json JSON text of a value */
  write(json: string, step: string | undefined): void
  /** Resolves when all of it is stored. @throws why it could not be */
  flush(): Promise<void>
}

export interface OneStreamOptions {
  readonly name: string
  /** The number of the last chunk that earlier claims have stored. */
  readonly seq: number
  /** What earlier claims wrote has to be dropped, but for that of these steps. */
  readonly keep: readonly string[] | undefined
  send(chunks: readonly NewChunk[], options: { urgent: boolean }): Promise<void>
  /** So many characters of JSON have been stored. */
  stored(characters: number): void
}

interface Part {
  readonly step: string | undefined
  readonly values: string[]
  characters: number
}

/** The first chunk goes out at once, then at most twenty in a second. */
const chunkIntervalMs = 50
const chunkCharacters = 131_072

/** One stream of one attempt: what was written and is not yet stored, and the one write in the air. */
export function createOneStream(options: OneStreamOptions): OneStream {
  const { name, keep, send, stored } = options
  let { seq } = options
  let parts: Part[] = []
  let sending: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  let sentAt = Number.NEGATIVE_INFINITY
  let flushing = false
  let hurry = (): void => undefined

  if (keep !== undefined) {
    seq += 1
    begin([{ stream: name, seq, keep, content: '[]' }])
  }

  function write(json: string, step: string | undefined): void {
    if (failure !== undefined) return
    const last = parts.at(-1)
    if (last?.step === step && last !== undefined && last.characters < chunkCharacters) {
      last.values.push(json)
      last.characters += json.length
    } else parts.push({ step, values: [json], characters: json.length })
    if (sending === undefined) begin()
  }

  function begin(first: readonly NewChunk[] = []): void {
    sending = sendAll(first)
      .catch((error: unknown) => {
        parts = []
        failure = { error }
      })
      .finally(() => {
        sending = undefined
        if (parts.length > 0) begin() // written between the last look and here
      })
  }

  async function sendAll(first: readonly NewChunk[]): Promise<void> {
    if (first.length > 0) await send(first, { urgent: true })
    while (parts.length > 0) {
      await untilDue()
      const taken = parts
      parts = []
      const urgent = flushing || performance.now() - sentAt > 10 * chunkIntervalMs
      sentAt = performance.now()
      await send(taken.map(asChunk), { urgent })
      stored(taken.reduce((sum, { characters }) => sum + characters, 0))
    }
  }

  /** At least a turn of the event loop, so that what is written in one go goes out in one chunk. */
  function untilDue(): Promise<void> {
    const waitMs = flushing ? 0 : sentAt + chunkIntervalMs - performance.now()
    return new Promise((resolve) => {
      const timer = waitMs > 0 ? setTimeout(resolve, waitMs) : undefined
      hurry = () => {
        clearTimeout(timer)
        resolve()
      }
      if (timer === undefined) setImmediate(resolve)
    })
  }

  function asChunk({ step, values }: Part): NewChunk {
    seq += 1
    return { stream: name, seq, step, content: `[${values.join(',')}]` }
  }

  return {
    write,
    async flush() {
      flushing = true
      hurry()
      while (sending !== undefined) await sending
      flushing = false
      if (failure !== undefined) throw failure.error
    },
  }
}
