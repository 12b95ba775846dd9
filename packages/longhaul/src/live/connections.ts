/**
 * The live connections of this process: streams, WebSockets and polls that are held. How many there
 * may be, and how fast they are to come back when all of them are lost at once.
 */
import { LonghaulError, type Principal } from '../core/index.js'

export interface ConnectionLimits {
  /** @defaultValue 100 */
  readonly perCaller?: number
  /** @defaultValue 20_000 */
  readonly total?: number
}

export const defaultLimits = { perCaller: 100, total: 20_000 } as const

export interface Connections {
  /**
   * Take a place.
   *
   * @returns a function that gives it back
   * @throws {LonghaulError} `too_many_connections`, `closed`
   */
  open(principal: Principal): () => void
  hasRoomFor(principal: Principal): boolean
  /** The process is about to stop: from now on there is room for nobody. */
  close(): void
  /** For `hello` and `bye`: over how long those who lose their connection should come back. Nothing when they are few. */
  advice(): { readonly spreadMs?: number }
}

/** A process greets more than this many a second, each with a read of what it watches. */
const returnsPerMs = 1
const fewConnections = 500

export function createConnections(limits: ConnectionLimits = {}): Connections {
  const { perCaller, total } = { ...defaultLimits, ...limits }
  const ofCaller = new Map<string, number>()
  let count = 0
  let isClosed = false

  function problem(caller: string): LonghaulError | undefined {
    if (isClosed) return closed()
    const own = ofCaller.get(caller) ?? 0
    if (own >= perCaller) return tooMany(`The caller has ${own} live connections to this server`)
    if (count >= total) return tooMany(`This server has ${count} live connections`)
    return undefined
  }

  return {
    open(principal) {
      const caller = nameOf(principal)
      const refusal = problem(caller)
      if (refusal !== undefined) throw refusal
      count += 1
      ofCaller.set(caller, (ofCaller.get(caller) ?? 0) + 1)
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        count -= 1
        const left = ofCaller.get(caller)! - 1
        if (left === 0) ofCaller.delete(caller)
        else ofCaller.set(caller, left)
      }
    },
    hasRoomFor: (principal) => problem(nameOf(principal)) === undefined,
    close: () => void (isClosed = true),
    advice: () => (count < fewConnections ? {} : { spreadMs: Math.round(count / returnsPerMs) }),
  }
}

function nameOf({ tenantId, userId }: Principal): string {
  return JSON.stringify([tenantId, userId])
}

function tooMany(fact: string): LonghaulError {
  return new LonghaulError(
    'too_many_connections',
    `${fact}, which is as many as it takes. Poll instead, or close some; the option \`connections\` of createLonghaul raises the limit.`,
  )
}

function closed(): LonghaulError {
  return new LonghaulError(
    'closed',
    'This server is about to stop, so nothing more is followed here. Ask again: another one answers, or this one when it is back.',
  )
}
