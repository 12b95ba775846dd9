/**
 * One WebSocket: the frames of a stream, and watches that change in place. Frames are made when the
 * socket can take them, so a slow reader gets fewer and newer ones and costs no more memory than a
 * quick one. Who is asking is asked again every now and then; while that is not known, nothing is sent.
 */
import { LonghaulError, type Principal } from '../../core/index.js'
import type { Subscription } from '../../live/index.js'
import {
  asProblem,
  type ClientMessage,
  closeCodes,
  encodeFrame,
  type Frame,
  type WatchRequest,
} from '../../protocol/index.js'
import { messageBytes } from '../frame-bytes.js'
import { nextFrames } from '../next-frames.js'
import type { Services } from '../route.js'
import { isSame, signedOut, stillAllowed } from '../still-allowed.js'
import { parseClientMessage } from './client-message.js'
import type { Socket } from './socket.js'

export interface SocketContext {
  readonly principal: Principal
  readonly services: Services
  readonly revalidateMs: number
  /** Ask the app who is asking, by the request that opened the socket or by a token that came since. */
  authenticate(token: string | undefined): Promise<Principal | undefined>
}

const lifetimeMs = 15 * 60_000
/** More than this is not put on a socket that has not taken what it was given. */
const mostWaitingBytes = 65_536
/** How long the client may take to say again who is asking, and to give a sign of life. */
const answerMs = 10_000
const pingMs = 30_000

export async function serveSocket(socket: Socket, context: SocketContext): Promise<void> {
  const { principal, services } = context
  const { hub, logger } = services
  const ending = new AbortController()
  const { signal } = ending
  let following:
    | { readonly subscription: Subscription; readonly ending: AbortController }
    | undefined
  let token: string | undefined
  let unproven: { readonly timer: NodeJS.Timeout; proven(): void } | undefined
  let proof = Promise.resolve()
  let work = Promise.resolve()
  let leave = (): void => undefined

  const rotation = setTimeout(() => goodbye('rotate'), lifetimeMs * (0.8 + Math.random() * 0.4))
  const revalidation = setInterval(() => void revalidate(), context.revalidateMs)
  const pinging = setInterval(() => void ping(), pingMs)
  const unregister = hub.onClose(() => goodbye('shutdown'))

  function send(frame: Frame): Promise<void> {
    return socket.send(messageBytes(encodeFrame(frame)))
  }

  function end(code: number, reason: string): void {
    if (signal.aborted) return
    ending.abort()
    socket.close(code, reason)
  }

  function goodbye(reason: 'rotate' | 'shutdown'): void {
    const advice = reason === 'shutdown' ? hub.connections.advice() : {}
    void send({ event: 'bye', data: { reason, ...advice } })
    end(closeCodes.rotate, reason)
  }

  function refuse(error: unknown, code: number): void {
    if (!LonghaulError.is(error)) logger.error({ error }, 'a WebSocket failed')
    void send({ event: 'error', data: asProblem(error) })
    end(code, asProblem(error).code)
  }

  async function revalidate(): Promise<void> {
    if (unproven !== undefined) return
    if (await stillAllowed(() => context.authenticate(token), principal)) return
    // A slow sign-in service is asked again before it has answered: one question for proof is enough.
    if (signal.aborted || unproven !== undefined) return
    proof = new Promise((resolve) => {
      const timer = setTimeout(() => refuse(signedOut(), closeCodes.unauthenticated), answerMs)
      unproven = { timer, proven: resolve }
    })
    void send({ event: 'auth', data: {} })
  }

  async function prove({ token: given, ticket }: ClientMessage & { type: 'auth' }): Promise<void> {
    const now =
      ticket === undefined ? await context.authenticate(given) : await services.tickets.take(ticket)
    if (now === undefined || !isSame(now, principal))
      return refuse(signedOut(), closeCodes.unauthenticated)
    if (given !== undefined) token = given
    clearTimeout(unproven?.timer)
    unproven?.proven()
    unproven = undefined
  }

  async function ping(): Promise<void> {
    const timer = setTimeout(() => {
      ending.abort()
      socket.terminate()
    }, answerMs)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
    await socket.ping()
    clearTimeout(timer)
  }

  async function follow(watch: WatchRequest, number: number): Promise<void> {
    following?.ending.abort()
    const subscription = await hub.watch(principal, watch)
    const own = new AbortController()
    following = { subscription, ending: own }
    void pump(subscription, AbortSignal.any([signal, own.signal]), number)
  }

  async function pump(
    { reader, close }: Subscription,
    until: AbortSignal,
    number: number,
  ): Promise<void> {
    try {
      while (!until.aborted) {
        const frames = await nextFrames(reader, hub.heartbeatMs, until)
        await proof
        for (const frame of frames) {
          if (until.aborted) return
          const sent = socket.send(
            frame.event === 'hello' ? withNumber(frame.json, number) : messageBytes(frame),
          )
          if (socket.waiting() > mostWaitingBytes) await sent
        }
      }
    } finally {
      close()
    }
  }

  async function receive(text: string): Promise<void> {
    try {
      const message = parseClientMessage(text, services.jobs)
      if (message.type === 'auth') await prove(message)
      else await follow(message, message.number)
    } catch (error) {
      refuse(error, closeCodes.badMessage)
    }
  }

  socket.onMessage((text) => {
    work = work.then(() => (signal.aborted ? undefined : receive(text)))
    return work
  })
  socket.onClose(() => {
    ending.abort()
    clearTimeout(rotation)
    clearTimeout(unproven?.timer)
    clearInterval(revalidation)
    clearInterval(pinging)
    unproven?.proven()
    unregister()
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
