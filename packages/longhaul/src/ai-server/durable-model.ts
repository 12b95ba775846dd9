import type { Step } from '../core/index.js'

/** A language model as the AI SDK's streaming calls use it, whichever version of its interface it has. */
export interface StreamingModel {
  doStream(options: never): PromiseLike<{ readonly stream: ReadableStream<unknown> }>
}

/**
 * The same model, each of whose streaming calls is a step: its parts are passed on as they come, and
 * stored when they are complete. When the job is tried again, a call that was completed comes out of
 * the store, and the model is not asked.
 *
 * @param nth which of the answer's models it is: the first call of another one is another step
 */
export function durableModel<Model extends object>(model: Model, step: Step, nth: number): Model {
  let calls = 0
  const { doStream } = model as Partial<StreamingModel>
  if (doStream === undefined) throw new TypeError(noModel)

  function streamOnce(options: never): Promise<{ readonly stream: ReadableStream<unknown> }> {
    calls += 1
    const key = nth === 1 ? String(calls) : `${nth}.${calls}`
    let parts!: ReadableStreamDefaultController<unknown>
    const stream = new ReadableStream<unknown>({ start: (controller) => void (parts = controller) })
    return new Promise((resolve, reject) => {
      let isOpen = false
      const open = (answer: object): void => {
        isOpen = true
        resolve({ ...answer, stream })
      }
      const work = async (): Promise<unknown[]> => {
        const answer = await doStream!.call(model as StreamingModel, options)
        open(answer)
        const seen: unknown[] = []
        for await (const part of answer.stream as unknown as AsyncIterable<unknown>) {
          const { type, error } = part as { readonly type?: string; readonly error?: unknown }
          // A call that failed is not kept, or no attempt would make it again.
          if (type === 'error') throw error
          seen.push(part)
          parts.enqueue(part)
        }
        return storable(seen)
      }
      const finish = async (): Promise<void> => {
        const stored = await step('model', { key }, work)
        if (!isOpen) {
          open({})
          for (const part of stored) parts.enqueue(revived(part))
        }
        parts.close()
      }
      finish().catch((error: unknown) => {
        if (isOpen) parts.error(error)
        else reject(error)
      })
    })
  }

  return new Proxy(model, {
    get(target, name) {
      if (name === 'doStream') return streamOnce
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    },
  })
}

interface Delta {
  readonly type: string
  readonly id?: unknown
  readonly delta?: unknown
}

/** Neighbouring deltas of one text put together, and everything as JSON. */
function storable(parts: readonly unknown[]): unknown[] {
  const merged: unknown[] = []
  for (const part of parts) {
    const last = merged.at(-1)
    if (isDelta(part) && isDelta(last) && last.type === part.type && last.id === part.id)
      merged[merged.length - 1] = { ...last, ...part, delta: last.delta + part.delta }
    else merged.push(part)
  }
  return JSON.parse(JSON.stringify(merged)) as unknown[]
}

function isDelta(part: unknown): part is Delta & { readonly delta: string } {
  const { type, delta } = (part ?? {}) as Partial<Delta>
  return typeof type === 'string' && type.endsWith('-delta') && typeof delta === 'string'
}

/** A stored part as the SDK expects it: times are dates. */
function revived(part: unknown): unknown {
  const { timestamp } = part as { readonly timestamp?: unknown }
  return typeof timestamp === 'string'
    ? { ...(part as object), timestamp: new Date(timestamp) }
    : part
}

const noModel =
  'model() was given something that has no doStream. Give it a model of a provider, such as openai("gpt-5"), and not its name.'
