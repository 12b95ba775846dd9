import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { ada } from '../../../test/database.js'
import { testJob } from '../../../test/engine.js'
import { asHeader, type TestApi, testApi } from '../../../test/http.js'
import { serve, type TestServer } from '../../../test/server.js'
import { closeCodes } from '../../protocol/index.js'

const noop = testJob('noop', () => null)
const opcodes = { continuation: 0, text: 1, reserved: 3, ping: 9 } as const
const [whole, compressed] = [0x80, 0x40]

/** A frame as RFC 6455 §5.2 draws it, masked with zeros: whatever is wrong with it is left as it is. */
function frame(
  opcode: keyof typeof opcodes,
  payload: string | Buffer,
  { bits = whole, isMasked = true, length = Buffer.byteLength(payload) } = {},
): Buffer {
  const head =
    length < 126
      ? Buffer.from([length])
      : length < 65_536
        ? Buffer.from([126, length >> 8, length & 0xff])
        : Buffer.from([127, ...bytesOf(length)])
  if (isMasked) head[0]! |= 0x80
  const mask = Buffer.alloc(isMasked ? 4 : 0)
  return Buffer.concat([Buffer.from([bits | opcodes[opcode]]), head, mask, Buffer.from(payload)])
}

function bytesOf(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}

interface Opened {
  readonly connection: Socket
  /** The code of the frame with which the server says goodbye. */
  closeCode(): Promise<number>
  readonly head: string
}

/** A WebSocket whose frames are written by hand. */
async function open({ port }: TestServer): Promise<Opened> {
  const connection = connect(port, '127.0.0.1')
  onTestFinished(() => void connection.destroy())
  connection.on('error', () => undefined)
  connection.write(
    [
      'GET /api/longhaul/ws HTTP/1.1',
      'Host: a',
      `x-principal: ${asHeader(ada)['x-principal']}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Extensions: permessage-deflate',
      '',
      '',
    ].join('\r\n'),
  )
  let came = Buffer.alloc(0)
  const gone = new Promise<void>((resolve) => {
    connection.once('close', () => resolve())
  })
  const head = await new Promise<string>((resolve) => {
    connection.on('data', (bytes) => {
      came = Buffer.concat([came, bytes])
      const end = came.indexOf('\r\n\r\n')
      if (end < 0) return
      resolve(came.subarray(0, end).toString())
    })
  })
  return {
    connection,
    head,
    async closeCode() {
      await gone
      return closeCodeIn(came.subarray(came.indexOf('\r\n\r\n') + 4))
    },
  }
}

/** What a server sends is not masked, and short here. */
function closeCodeIn(frames: Buffer): number {
  for (let at = 0; at < frames.length;) {
    const isLong = frames[at + 1] === 126
    const length = isLong ? frames.readUInt16BE(at + 2) : frames[at + 1]!
    const payload = at + (isLong ? 4 : 2)
    if (frames[at] === (whole | 8)) return frames.readUInt16BE(payload)
    at = payload + length
  }
  throw new Error('The server said no goodbye.')
}

async function served(): Promise<{ api: TestApi; server: TestServer }> {
  const api = await testApi([noop])
  return { api, server: await serve(api) }
}

const watch = (watches: readonly unknown[]): Buffer =>
  frame('text', JSON.stringify({ type: 'watch', number: 1, watches }))

it.each<[string, Buffer, number]>([
  ['a message that is announced as 100 MB', frame('text', '', { length: 100_000_000 }), 1009],
  [
    'a message in fragments of one byte',
    Buffer.concat([
      frame('text', 'x', { bits: 0 }),
      ...Array<Buffer>(20_000).fill(frame('continuation', 'x', { bits: 0 })),
    ]),
    1008,
  ],
  ['a compressed message', frame('text', 'x', { bits: whole | compressed }), 1002],
  ['a message without its mask', frame('text', '{}', { isMasked: false }), 1002],
  ['a kind of frame that is not there', frame('reserved', 'x'), 1002],
  ['a ping in fragments', frame('ping', 'x', { bits: 0 }), 1002],
  ['text that is not UTF-8', frame('text', Buffer.from([0xff, 0xfe])), 1007],
  ['JSON that is nested 50,000 deep', frame('text', '['.repeat(50_000)), closeCodes.badMessage],
  ['U+0000 in a filter', watch([{ key: 'w', jobs: { type: ['\0'] } }]), closeCodes.badMessage],
  [
    'a watch of 10,000 jobs',
    watch(Array.from({ length: 10_000 }, () => ({ job: 'x' }))),
    closeCodes.badMessage,
  ],
])('B31: a WebSocket is closed after %s', async (_, bytes, code) => {
  const { server } = await served()
  const { connection, closeCode } = await open(server)
  connection.write(bytes)
  expect(await closeCode()).toBe(code)
  await expect.poll(server.connections).toBe(0)
})

it('B31: a WebSocket is never compressed, whatever is offered', async () => {
  const { server } = await served()
  const { head } = await open(server)
  expect(head).toMatch(/^HTTP\/1\.1 101 /)
  expect(head).not.toMatch(/sec-websocket-extensions/i)
})

it('B31: a WebSocket whose other end asks for signs of life and reads none is given up', async () => {
  const { server } = await served()
  const { connection } = await open(server)
  connection.pause()
  const pings = Buffer.concat(Array<Buffer>(1000).fill(frame('ping', 'x'.repeat(125))))
  while (server.connections() > 0) {
    // Its end is told like that of a write which has failed.
    await new Promise((resolve) => {
      connection.write(pings, resolve)
    })
  }
  expect(server.connections()).toBe(0)
})

it('B31: one that is given up takes nobody with it', async () => {
  const { server, api } = await served()
  const id = await api.engine.enqueue('noop')
  const [bad, good] = [await open(server), await open(server)]
  bad.connection.write(frame('reserved', 'x'))
  await bad.closeCode()
  const came = new Promise<string>((resolve) => {
    let text = ''
    good.connection.on('data', (bytes) => {
      text += bytes.toString()
      if (text.includes('"event":"job"')) resolve(text)
    })
  })
  good.connection.write(watch([{ job: id }]))
  expect(await came).toContain(id)
})
