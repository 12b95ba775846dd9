/**
 * One WebSocket: the frames of a stream, and watches that change in place. Who is asking is asked again every now and
 * then; while that is not known, nothing is sent.
 */
import { LonghaulError, type Principal } from '../../core/index.js'
import type { Subscription } from '../../live/index.js'
import {
  asProblem,
  type ClientMessage,
  closeCodes,
  encodeFrame,
  type EncodedFrame,
  type Frame,
  rotateCode,
  type WatchRequest,
} from '../../protocol/index.js'
import { everySoOften } from '../every-so-often.js'
import { messageBytes } from '../frame-bytes.js'
import { heartbeat, pump } from '../pump.js'
import type { Authenticate, Services } from '../route.js'
import { isSame, signedOut, stillAllowed } from '../still-allowed.js'
import { parseClientMessage } from './client-message.js'
import type { Socket } from './socket.js'

export interface SocketContext {
  readonly principal: Principal
  readonly services: Services
  readonly revalidateMs: number
  /** Ask the app who is asking, by the request that opened the socket or by a token that came since. */
  authenticate(token: string | undefined): ReturnType<Authenticate>
}

const lifetimeMs = 15 * 60_000
/** More than this is not put on a socket that has not taken what it was given. */
const mostWaitingBytes = 65_536
/** How long the client may take to say again who is asking. */
const answerMs = 10_000
/** How often it is asked for a sign of life. One that has given none by the next time is given up. */
const pingMs = 30_000

export async function serveSocket(socket: Socket, context: SocketContext): Promise<void> {
  const { principal, services } = context
  const { hub, logger } = services
  const endsAt = performance.now() + lifetimeMs * (0.8 + Math.random() * 0.4)
  let isOpen = true
  let isFull = false
  let isSilent = false
  let following: Subscription | undefined
  let flush = (): void => undefined
  let token: string | undefined
  /** Runs out unless the client proves meanwhile who is asking. */
  let unproven: NodeJS.Timeout | undefined
  let work = Promise.resolve()
  let leave = (): void => undefined

  const stopTurns = everySoOften([
    [hub.heartbeatMs, beat],
    [context.revalidateMs, () => void revalidate()],
    [pingMs, ping],
  ])
  const unregister = hub.onClose(() => goodbye('shutdown'))

  function hasRoom(): boolean {
    isFull = socket.waiting() > mostWaitingBytes
    return isOpen && unproven === undefined && !isFull
  }

  function write(frames: readonly EncodedFrame[], number: number): number {
    let taken = 0
    for (const frame of frames) {
      const isHello = frame.event === 'hello'
      socket.send(isHello ? withNumber(frame.json, number) : messageBytes(frame), onSent)
      taken += 1
      if (socket.waiting() > mostWaitingBytes) break
    }
    return taken
  }

  function onSent(): void {
    if (isFull) flush()
  }

  function send(frame: Frame): void {
    socket.send(messageBytes(encodeFrame(frame)), onSent)
  }

  function end(code: number, reason: string): void {
    if (!isOpen) return
    isOpen = false
    socket.close(code, reason)
  }

  function goodbye(reason: 'rotate' | 'shutdown'): void {
    const advice = reason === 'shutdown' ? hub.connections.advice() : {}
    send({ event: 'bye', data: { reason, ...advice } })
    end(rotateCode, reason)
  }

  function refuse(error: unknown, code: number): void {
    if (!LonghaulError.is(error)) logger.error({ error }, 'a WebSocket failed')
    send({ event: 'error', data: asProblem(error) })
    end(code, asProblem(error).code)
  }

  function beat(): void {
    if (performance.now() > endsAt) return goodbye('rotate')
    if (following !== undefined && hasRoom()) socket.send(messageBytes(heartbeat), onSent)
  }

  function ping(): void {
    if (isSilent) return socket.terminate()
    isSilent = true
    socket.ping(() => {
      isSilent = false
    })
  }

  async function revalidate(): Promise<void> {
    if (unproven !== undefined) return
    if (await stillAllowed(() => context.authenticate(token), principal)) return
    // A slow sign-in service is asked again before it has answered: one question for proof is enough.
    if (!isOpen || unproven !== undefined) return
    unproven = setTimeout(() => refuse(signedOut(), closeCodes.unauthenticated), answerMs)
    send({ event: 'auth', data: {} })
  }

  async function prove({ token: given, ticket }: ClientMessage & { type: 'auth' }): Promise<void> {
    const now =
      ticket === undefined ? await context.authenticate(given) : await services.tickets.take(ticket)
    if (now === undefined || now === null || !isSame(now, principal))
      return refuse(signedOut(), closeCodes.unauthenticated)
    if (given !== undefined) token = given
    clearTimeout(unproven)
    unproven = undefined
    flush()
  }

  async function follow(watch: WatchRequest, number: number): Promise<void> {
    following?.close()
    following = await hub.watch(principal, watch)
    if (!isOpen) return following.close()
    flush = pump(following.reader, { hasRoom, write: (frames) => write(frames, number) })
    flush()
  }

  async function receive(text: string): Promise<void> {
    try {
      const message = parseClientMessage(text, services)
      if (message.type === 'auth') await prove(message)
      else await follow(message, message.number)
    } catch (error) {
      refuse(error, closeCodes.badMessage)
    }
  }

  socket.onMessage((text) => {
    work = work.then(() => (isOpen ? receive(text) : undefined))
    return work
  })
  socket.onClose(() => {
    isOpen = false
    clearTimeout(unproven)
    stopTurns()
    unregister()
    following?.close()
    leave()
  })
  try {
    leave = hub.connections.open(principal)
  } catch (error) {
    refuse(error, closeCodes.tooMany)
  }
  await work
}

function withNumber(hello: string, number: number): Buffer {
  return Buffer.from(`{"event":"hello","data":${hello.slice(0, -1)},"number":${number}}}`)
}
