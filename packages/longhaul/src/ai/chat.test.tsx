// @vitest-environment happy-dom
import {
  act,
  cleanup,
  configure,
  renderHook,
  type RenderHookResult,
  waitFor as waitUntil,
} from '@testing-library/react'
import { useLayoutEffect } from 'react'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ada } from '../../test/database.js'
import { type Chat, type ModelCall, type Sdk, sdks, words } from '../../test/chat.js'
import { networkTo, type TestNetwork } from '../../test/client.js'
import { deferred } from '../../test/engine.js'
import { type TestApi, testApi } from '../../test/http.js'
import { type ChatContext, type ChatOptions, defineChat } from '../ai-server/index.js'
import {
  type ChatQuestion,
  type ChatTransportOptions,
  createChatTransport,
  type LonghaulChatTransport,
  type ToolApproval,
} from './index.js'
import type { LonghaulClient } from '../client/index.js'
import { LonghaulProvider, useLonghaulClient } from '../react/index.js'
import { useChatTransport } from '../ai-react/index.js'
import type { UIMessage, UIMessageChunk } from 'ai'

/** A machine that runs many tests at once may take its time. */
const waitFor = (look: () => void): Promise<void> => waitUntil(look, { timeout: 10_000 })

interface Page {
  readonly hook: RenderHookResult<Chat, { readonly id: string }>
  readonly network: TestNetwork
  readonly client: LonghaulClient
  readonly transport: LonghaulChatTransport<UIMessage>
  text(): string
}

/** A server that answers chats with this model, and pages of a user in a browser. */
async function chatOf(
  sdk: Sdk,
  call: ModelCall,
  more: (context: ChatContext) => object = () => ({}),
  options: Partial<ChatOptions<UIMessage>> = {},
) {
  const model = sdk.model(call)
  const api = await testApi([
    defineChat('chat', {
      retry: { minDelay: 0 },
      ...options,
      answer: (context) =>
        sdk.streamText({
          model: context.model(model),
          prompt: JSON.stringify(context.messages),
          abortSignal: context.signal,
          onError: () => undefined,
          ...more(context),
        }),
    }),
  ])
  await api.engine.startWorker()
  return {
    api,
    open: (messages: UIMessage[] = [], resume = false, createBy?: CreateBy) =>
      page(sdk, api, { messages, resume, createBy }),
  }
}

/** A function that is called in each render. */
type CreateBy = (client: LonghaulClient) => ChatTransportOptions['create']

interface PageOptions {
  readonly messages?: UIMessage[]
  readonly resume?: boolean
  readonly createBy?: CreateBy | undefined
}

function page(sdk: Sdk, api: TestApi, { messages = [], resume, createBy }: PageOptions = {}): Page {
  onTestFinished(cleanup)
  const network = networkTo(api)
  let transport!: LonghaulChatTransport<UIMessage>
  let client!: LonghaulClient
  const hook = renderHook(
    ({ id }) => {
      client = useLonghaulClient()
      transport = useChatTransport({ id, create: createBy?.(client) })
      return sdk.useChat({ id, transport, messages, resume })
    },
    {
      initialProps: { id: 'Trip-1' },
      wrapper: ({ children }) => (
        <LonghaulProvider url="http://localhost/api/longhaul" fetch={network.fetch}>
          {children}
        </LonghaulProvider>
      ),
    },
  )
  onTestFinished(() => client.close())
  return {
    hook,
    network,
    client,
    transport,
    text: () => textOf(hook.result.current.messages.at(-1)),
  }
}

/** More than a chunk of a stream may be. */
const long = 'x'.repeat(70_000)

/** What a page asks for goes out in order, so a stop of before would be here by now. */
async function expectNotCancelled({ client, network }: Page, jobId: string): Promise<void> {
  expect(await client.jobs.get(jobId)).toMatchObject({ cancelRequestedAt: null })
  expect(network.sent.filter((each) => each.includes('/cancel'))).toEqual([])
}

const isCall = (part: UIMessage['parts'][number]): boolean => 'toolCallId' in part

function textOf(message: UIMessage | undefined): string {
  if (message?.role !== 'assistant') return ''
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

it('asks by a route of the app’s own, and follows the job that it makes', async () => {
  const [sdk] = sdks as [Sdk]
  const { api, open } = await chatOf(sdk, () => words('so it goes'))
  const { client } = open()
  const asked: ChatQuestion[] = []
  const transport = createChatTransport({
    client,
    create: (request, options) => {
      asked.push(request)
      return api.engine.jobs.enqueue('chat', request, { principal: ada, ...options })
    },
  })
  const stream = await transport.sendMessages({
    chatId: 'Trip-2',
    messages: [{ id: 'm', role: 'user', parts: [{ type: 'text', text: 'Well?' }] }],
    trigger: 'submit-message',
    messageId: undefined,
    abortSignal: undefined,
  })
  const chunks: UIMessageChunk[] = []
  for await (const chunk of stream as unknown as AsyncIterable<UIMessageChunk>) chunks.push(chunk)
  expect(asked).toMatchObject([{ chatId: 'Trip-2', trigger: 'submit-message' }])
  expect(chunks.map(({ type }) => type)).toContain('text-delta')
  expect(await transport.load('Trip-2')).toHaveLength(2)
})

/** A chat whose route makes the job and answers once `held` resolves: as often as `lost` tells, that it has not. */
function lossyChat(api: TestApi, client: LonghaulClient) {
  const lossy: { lost: number; made: number; held?: Promise<void> } = { lost: 0, made: 0 }
  const transport = createChatTransport({
    client,
    async create(request, options) {
      lossy.made += 1
      const { held } = lossy
      // As routes do that look into tables of their own: not the same when it is called again.
      const input = { ...request, body: { made: lossy.made } }
      await api.engine.jobs.enqueue('chat', input, { principal: ada, ...options })
      await held
      if (lossy.lost-- > 0) throw new TypeError('The answer was lost.')
    },
  })
  return Object.assign(lossy, {
    transport,
    ask: (text = 'Well?', trigger: ChatQuestion['trigger'] = 'submit-message') =>
      transport.sendMessages({
        chatId: 'Trip-2',
        messages: [{ id: 'm', role: 'user', parts: [{ type: 'text', text }] }],
        trigger,
        messageId: undefined,
        abortSignal: undefined,
      }),
    /** The newest is the first. */
    async jobs() {
      return (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 9 })).jobs
    },
  })
}

async function readToEnd(stream: ReadableStream<UIMessageChunk>): Promise<string> {
  let text = ''
  for await (const chunk of stream as unknown as AsyncIterable<UIMessageChunk>)
    if (chunk.type === 'text-delta') text += chunk.delta
  return text
}

/** Writes the words before this one, and then nothing until it is stopped. */
const stuckAt =
  (word: string): ModelCall =>
  ({ abortSignal }) =>
    words('so it goes', {
      pause: (next) =>
        new Promise((resolve, reject) => {
          if (next !== word) resolve()
          abortSignal!.addEventListener('abort', () => reject(abortSignal!.reason as Error))
        }),
    })

it('asks for the same answer when the question is sent again, and not for a second one', async () => {
  const [sdk] = sdks as [Sdk]
  const { api, open } = await chatOf(sdk, () => words('so it goes'))
  const chat = lossyChat(api, open().client)
  chat.lost = 1
  await expect(chat.ask()).rejects.toThrow('lost')
  expect(await readToEnd(await chat.ask('Well?', 'regenerate-message'))).toBe('so it goes ')
  expect(await chat.jobs()).toHaveLength(1)
  await chat.ask('Well?', 'regenerate-message')
  expect(await chat.jobs()).toHaveLength(2)
  chat.lost = 1
  await expect(chat.ask()).rejects.toThrow('lost')
  await chat.ask('Something else?')
  expect(await chat.jobs()).toHaveLength(4)
})

it.each(['resumed', 'loaded'])(
  'asks for another answer once the one that was lost has been %s',
  async (how) => {
    const [sdk] = sdks as [Sdk]
    const begun = deferred()
    const { api, open } = await chatOf(sdk, () =>
      words('so it goes', { pause: () => begun.promise }),
    )
    const chat = lossyChat(api, open().client)
    chat.lost = 1
    await expect(chat.ask()).rejects.toThrow('lost')
    if (how === 'loaded') await chat.transport.load('Trip-2')
    const stream = await chat.transport.reconnectToStream({ chatId: 'Trip-2' })
    begun.resolve()
    expect(await readToEnd(stream!)).toBe('so it goes ')
    await chat.ask('Well?', 'regenerate-message')
    expect(await chat.jobs()).toHaveLength(2)
  },
)

it('asks for the same answer also when another question was on its way meanwhile', async () => {
  const [sdk] = sdks as [Sdk]
  const { api, open } = await chatOf(sdk, () => words('so it goes'))
  const chat = lossyChat(api, open().client)
  const held = deferred()
  chat.held = held.promise
  const first = chat.ask()
  delete chat.held
  chat.lost = 1
  await expect(chat.ask('Something else?')).rejects.toThrow('lost')
  held.resolve()
  await first
  await chat.ask('Something else?')
  expect(await chat.jobs()).toHaveLength(2)
})

it('calls off a question that was lost when another one is asked in its place', async () => {
  const [sdk] = sdks as [Sdk]
  const { api, open } = await chatOf(sdk, (call) =>
    JSON.stringify(call.prompt).includes('Well?') ? stuckAt('so')(call) : words('so it goes'),
  )
  const chat = lossyChat(api, open().client)
  chat.lost = 1
  await expect(chat.ask()).rejects.toThrow('lost')
  const [lost] = await chat.jobs()
  expect(await readToEnd(await chat.ask('Something else?'))).toBe('so it goes ')
  await api.engine.until(lost!.id, 'cancelled')
})

it('resumes no answer that is older than the latest, and cancels it all the same', async () => {
  const [sdk] = sdks as [Sdk]
  const { api, open } = await chatOf(sdk, (call) =>
    JSON.stringify(call.prompt).includes('Well?') ? stuckAt('so')(call) : words('so it goes'),
  )
  const { client } = open()
  const [one, other] = [lossyChat(api, client), lossyChat(api, client)]
  await one.ask()
  const [older] = await one.jobs()
  expect(await readToEnd(await other.ask('Something else?'))).toBe('so it goes ')
  const [latest] = await one.jobs()
  await api.engine.until(latest!.id, 'completed')
  expect(await one.transport.reconnectToStream({ chatId: 'Trip-2' })).toBeNull()
  await one.transport.cancel('Trip-2')
  await api.engine.until(older!.id, 'cancelled')
})

it('loads an answer that went on with a message, and was stopped, as one message', async () => {
  const [sdk] = sdks as [Sdk]
  const { api, open } = await chatOf(sdk, stuckAt('it'))
  const { transport } = open()
  const stream = await transport.sendMessages({
    chatId: 'Trip-1',
    messages: [
      { id: 'q', role: 'user', parts: [{ type: 'text', text: 'Well?' }] },
      { id: 'a', role: 'assistant', parts: [{ type: 'text', text: 'Let me see. ' }] },
    ],
    trigger: 'submit-message',
    messageId: undefined,
    abortSignal: undefined,
  })
  for await (const chunk of stream as unknown as AsyncIterable<UIMessageChunk>)
    if (chunk.type === 'text-delta') break
  const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
  await transport.cancel('Trip-1')
  await api.engine.until(job!.id, 'cancelled')
  const loaded = await transport.load('Trip-1')
  expect(loaded.map(({ id }) => id)).toEqual(['q', 'a'])
  expect(textOf(loaded.at(-1))).toBe('Let me see. so ')
})

describe.each(sdks)('useChat of AI SDK $version', (sdk) => {
  it('shows an answer as it is written, and keeps it as the result of a job', async () => {
    const half = deferred()
    const { api, open } = await chatOf(sdk, () =>
      words('so it goes', {
        pause: (word) => (word === 'goes' ? half.promise : Promise.resolve()),
      }),
    )
    const { hook, text, transport } = open()
    await act(async () => void hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(text()).toBe('so it '))
    expect(hook.result.current.status).toBe('streaming')
    half.resolve()
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('so it goes ')

    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    expect(job).toMatchObject({ status: 'completed', result: { message: { role: 'assistant' } } })
    const loaded = await transport.load('Trip-1')
    expect(loaded.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(textOf(loaded.at(-1))).toBe('so it goes ')

    await act(() => hook.result.current.sendMessage({ text: 'Again?' }))
    expect(hook.result.current.messages).toHaveLength(4)
  })

  it('goes on in a page that is opened in the middle, and in a second one', async () => {
    const half = deferred()
    const { open } = await chatOf(sdk, () =>
      words('so it goes', {
        pause: (word) => (word === 'goes' ? half.promise : Promise.resolve()),
      }),
    )
    const first = open()
    await act(async () => void first.hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(first.text()).toBe('so it '))
    const asked = first.hook.result.current.messages.slice(0, 1)
    first.hook.unmount()
    first.client.close()

    const second = open(asked, true)
    const third = open(asked, true)
    await waitFor(() => expect([second.text(), third.text()]).toEqual(['so it ', 'so it ']))
    half.resolve()
    await waitFor(() =>
      expect([second.text(), third.text()]).toEqual(['so it goes ', 'so it goes ']),
    )
    await waitFor(() => expect(second.hook.result.current.status).toBe('ready'))
    const none = open([], true)
    await waitFor(() => expect(none.hook.result.current.status).toBe('ready'))
  })

  it('goes on when its component shows another chat', async () => {
    const half = deferred()
    const { api, open } = await chatOf(sdk, () =>
      words('so it goes', {
        pause: (word) => (word === 'goes' ? half.promise : Promise.resolve()),
      }),
    )
    const shown = open()
    const { hook, text } = shown
    await act(async () => void hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(text()).toBe('so it '))
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    hook.rerender({ id: 'Trip-2' })
    await waitFor(() => expect(hook.result.current.messages).toEqual([]))
    await expectNotCancelled(shown, job!.id)
    half.resolve()
    await api.engine.until(job!.id, 'completed')
  })

  it('goes on when its component goes away below its transport', async () => {
    const half = deferred()
    const { api, open } = await chatOf(sdk, () =>
      words('so it goes', {
        pause: (word) => (word === 'goes' ? half.promise : Promise.resolve()),
      }),
    )
    const outside = open()
    const { transport } = outside
    const panel = renderHook(() => {
      useLayoutEffect(() => transport.attach(), [])
      return sdk.useChat({ id: 'Trip-1', transport })
    })
    await act(async () => void panel.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(textOf(panel.result.current.messages.at(-1))).toBe('so it '))
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    panel.unmount()
    await expectNotCancelled(outside, job!.id)
    half.resolve()
    await api.engine.until(job!.id, 'completed')
  })

  it('goes on when it is resumed twice, by a page in development or by the app', async () => {
    const half = deferred()
    const { api, open } = await chatOf(sdk, () =>
      words('so it goes', {
        pause: (word) => (word === 'goes' ? half.promise : Promise.resolve()),
      }),
    )
    const first = open()
    await act(async () => void first.hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(first.text()).toBe('so it '))
    configure({ reactStrictMode: true })
    onTestFinished(() => configure({ reactStrictMode: false }))
    const second = open(first.hook.result.current.messages.slice(0, 1), true)
    await waitFor(() => expect(second.text()).toBe('so it '))
    await act(async () => void second.hook.result.current.resumeStream())
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    await expectNotCancelled(second, job!.id)
    half.resolve()
    await api.engine.until(job!.id, 'completed')
    await waitFor(() => expect(second.text()).toBe('so it goes '))
  })

  it('stops the model when it is stopped after it was resumed, also twice', async () => {
    const { api, open } = await chatOf(sdk, stuckAt('goes'))
    const first = open()
    await act(async () => void first.hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(first.text()).toBe('so it '))
    const second = open(first.hook.result.current.messages.slice(0, 1), true)
    await waitFor(() => expect(second.text()).toBe('so it '))
    await act(async () => void second.hook.result.current.resumeStream())
    await waitFor(() => expect(second.text()).toBe('so it '))
    await act(() => second.hook.result.current.stop())
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    await api.engine.until(job!.id, 'cancelled')
  })

  it('stops the model when it is stopped in one of two components that have resumed it', async () => {
    const { api, open } = await chatOf(sdk, stuckAt('goes'))
    const outside = open()
    await act(async () => void outside.hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(outside.text()).toBe('so it '))
    const messages = outside.hook.result.current.messages.slice(0, 1)
    const { transport } = outside
    const resumed = async (): Promise<{ readonly current: Chat }> => {
      const { result } = renderHook(() =>
        sdk.useChat({ id: 'Trip-1', transport, messages, resume: true }),
      )
      await waitFor(() => expect(textOf(result.current.messages.at(-1))).toBe('so it '))
      return result
    }
    const list = await resumed()
    await resumed()
    await act(() => list.current.stop())
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    await api.engine.until(job!.id, 'cancelled')
  })

  it('shows an answer that is complete before the page resumes it', async () => {
    const half = deferred()
    const { api, open } = await chatOf(sdk, () =>
      words('so it goes', {
        pause: (word) => (word === 'goes' ? half.promise : Promise.resolve()),
      }),
    )
    const first = open()
    await act(async () => void first.hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(first.text()).toBe('so it '))
    const messages: UIMessage[] = await first.transport.load('Trip-1')
    expect(messages).toHaveLength(1)
    half.resolve()
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    await api.engine.until(job!.id, 'completed')
    const { transport } = first
    const { result } = renderHook(() =>
      sdk.useChat({ id: 'Trip-1', transport, messages, resume: true }),
    )
    await waitFor(() => expect(textOf(result.current.messages.at(-1))).toBe('so it goes '))
    await waitFor(() => expect(result.current.status).toBe('ready'))
    expect(result.current.messages).toHaveLength(2)
  })

  it('does not show that the connection was lost', async () => {
    const half = deferred()
    const { open } = await chatOf(sdk, () =>
      words('so it goes', {
        pause: (word) => (word === 'goes' ? half.promise : Promise.resolve()),
      }),
    )
    const { hook, text, client, network } = open()
    await act(async () => void hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(text()).toBe('so it '))
    network.state = 'down'
    network.dropConnections()
    half.resolve()
    await waitFor(() => expect(client.connection.getSnapshot().state).toBe('reconnecting'))
    network.state = 'up'
    client.connection.retryNow()
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('so it goes ')
    expect(hook.result.current.error).toBeUndefined()
  })

  it.each<[string, CreateBy?]>([
    ['asked for by the API'],
    [
      'asked for by an inline function',
      (client) => (request, options) =>
        client.jobs.create('chat' as never, request as never, options),
    ],
  ])('stops the model when it is stopped, %s', async (_how, createBy) => {
    const stopped = deferred()
    const { api, open } = await chatOf(sdk, ({ abortSignal }) =>
      words('so it goes', {
        async pause(word) {
          if (word !== 'goes') return
          await new Promise((_, reject) => {
            abortSignal!.addEventListener('abort', () => {
              stopped.resolve()
              reject(abortSignal!.reason as Error)
            })
          })
        },
      }),
    )
    const { hook, text, transport } = open([], false, createBy)
    await act(async () => void hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(text()).toBe('so it '))
    await act(() => hook.result.current.stop())
    await stopped.promise
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    await api.engine.until(job!.id, 'cancelled')
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('so it ')
    // What it had written is there after a reload, too.
    const loaded = await transport.load('Trip-1')
    expect(loaded.map(({ role }) => role)).toEqual(['user', 'assistant'])
    expect(textOf(loaded.at(-1))).toBe('so it ')
  })

  it('is cancelled when it is stopped before the server has answered', async () => {
    const { api, open } = await chatOf(sdk, stuckAt('so'))
    const { transport } = open()
    const stop = new AbortController()
    const asked = transport.sendMessages({
      chatId: 'Trip-1',
      messages: [{ id: 'm', role: 'user', parts: [{ type: 'text', text: 'Well?' }] }],
      trigger: 'submit-message',
      messageId: undefined,
      abortSignal: stop.signal,
    })
    stop.abort()
    await asked
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    await api.engine.until(job!.id, 'cancelled')
  })

  it('asks the model and the tools again only for what was not complete', async () => {
    const calls: string[] = []
    let tools = 0
    const { z } = await import('zod')
    const { open } = await chatOf(
      sdk,
      async function* () {
        calls.push('model')
        if (calls.length === 1) {
          yield { type: 'tool-input-start', id: 'c1', toolName: 'weather' }
          yield { type: 'tool-input-delta', id: 'c1', delta: '{"city":' }
          yield { type: 'tool-input-delta', id: 'c1', delta: '"Lisbon"}' }
          yield { type: 'tool-input-end', id: 'c1' }
          yield {
            type: 'tool-call',
            toolCallId: 'c1',
            toolName: 'weather',
            input: '{"city":"Lisbon"}',
          }
          yield { finish: 'tool-calls' }
          return
        }
        if (calls.length === 2) {
          yield { type: 'text-start', id: 't' }
          yield { type: 'text-delta', id: 't', delta: 'It is ' }
          await new Promise((resolve) => setTimeout(resolve, 100))
          throw new Error('the provider went away')
        }
        yield* words('It is sunny')
      },
      (context) => ({
        tools: context.tools({
          weather: sdk.tool({
            inputSchema: z.object({ city: z.string() }),
            execute: () => {
              tools += 1
              return { sky: 'sunny' }
            },
          }),
        }),
      }),
    )
    const { hook, text } = open()
    await act(() => hook.result.current.sendMessage({ text: 'The weather?' }))
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('It is sunny ')
    expect(calls).toHaveLength(3)
    expect(tools).toBe(1)
    const parts = hook.result.current.messages.at(-1)!.parts.filter(isCall)
    expect(parts).toMatchObject([{ type: 'tool-weather', state: 'output-available' }])
  })

  it.each([
    ['fails', '{"town":"Lisbon"}', 'no such place'],
    ['fails with what is no error', '{"town":"Lisbon"}', 'nowhere', { why: 'nowhere' }],
    ['fails with a long text', '{"town":"Lisbon"}', 'nowhere', Error(`nowhere ${long}`)],
    ['has an input that is refused', '{"town":1}', 'Invalid input'],
    [
      'has a long input that is refused',
      `{"town":1,"notes":"${long.slice(0, 34_000)}"}`,
      'Invalid',
    ],
  ])('goes on when the call of a tool %s', async (_how, input, reason, thrown?: object) => {
    const calls: string[] = []
    const { z } = await import('zod')
    const { api, open } = await chatOf(
      sdk,
      async function* ({ prompt }) {
        calls.push(JSON.stringify(prompt))
        if (calls.length === 1) {
          yield { type: 'tool-call', toolCallId: 'c1', toolName: 'weather', input }
          yield { finish: 'tool-calls' }
          return
        }
        yield* words('I could not find it')
      },
      (context) => ({
        tools: context.tools({
          weather: sdk.tool({
            inputSchema: z.object({ town: z.string() }),
            execute: () => {
              throw thrown ?? new Error('no such place')
            },
          }),
        }),
      }),
    )
    const { hook, text } = open()
    await act(() => hook.result.current.sendMessage({ text: 'The weather?' }))
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('I could not find it ')
    expect(calls).toHaveLength(2)
    expect(calls[1]).toContain(reason)
    const part = hook.result.current.messages.at(-1)!.parts.find(isCall)
    expect(part).toMatchObject({
      state: 'output-error',
      errorText: expect.stringContaining(reason),
    })
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    expect(job).toMatchObject({ status: 'completed', attempt: 1 })
  })

  it('asks each of several models of an answer once', async () => {
    const calls: string[] = []
    const modelOf = (name: string, says: string): object =>
      sdk.model(() => {
        calls.push(name)
        return words(says)
      })
    const [small, large] = [modelOf('small', 'in short'), modelOf('large', 'so it goes')]
    const api = await testApi([
      defineChat('chat', {
        retry: { minDelay: 0 },
        async answer({ model }) {
          const outline = sdk.streamText({ model: model(small), prompt: 'An outline.' })
          const prompt = await (outline as unknown as { text: PromiseLike<string> }).text
          return sdk.streamText({ model: model(large), prompt })
        },
        onAnswer({ job }) {
          if (job.attempt === 1) throw new Error('crashed after both had answered')
        },
      }),
    ])
    await api.engine.startWorker()
    const { hook, text } = page(sdk, api)
    await act(() => hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('so it goes ')
    expect(calls).toEqual(['small', 'large'])
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    expect(job).toMatchObject({ status: 'completed', attempt: 2 })
    const steps = await api.engine.jobs.steps(ada, job!.id)
    expect(steps.map(({ key }) => key)).toEqual(['model:1', 'model:2.1'])
  })

  it('asks the model again when it says in its stream that it has failed', async () => {
    let calls = 0
    const { open } = await chatOf(sdk, async function* () {
      calls += 1
      if (calls === 1) yield { type: 'error', error: new Error('overloaded') }
      else yield* words('so it goes')
    })
    const { hook, text } = open()
    await act(() => hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('so it goes ')
    expect(calls).toBe(2)
  })

  it('follows a text that had ended with the one that is written in its place', async () => {
    const seen = deferred()
    let calls = 0
    const { open } = await chatOf(sdk, async function* () {
      calls += 1
      if (calls > 1) {
        yield* words('I will look')
        return
      }
      yield { type: 'text-start', id: 't' }
      yield { type: 'text-delta', id: 't', delta: 'Let me look. ' }
      yield { type: 'text-end', id: 't' }
      await seen.promise
      throw new Error('the provider went away')
    })
    const { hook, text } = open()
    await act(async () => void hook.result.current.sendMessage({ text: 'The weather?' }))
    await waitFor(() =>
      expect(hook.result.current.messages.at(-1)?.parts).toContainEqual(
        expect.objectContaining({ text: 'Let me look. ', state: 'done' }),
      ),
    )
    seen.resolve()
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('Let me look. I will look ')
  })

  it.each([true, false])('waits until the call of a tool is allowed: %s', async (approved) => {
    const calls: string[] = []
    const { z } = await import('zod')
    const { api, open } = await chatOf(
      sdk,
      async function* ({ prompt }) {
        calls.push(JSON.stringify(prompt))
        if (calls.length > 1) {
          yield* words('All right')
          return
        }
        const input = '{"city":"Lisbon"}'
        yield { type: 'tool-call', toolCallId: 'Call_1', toolName: 'book', input }
        yield { finish: 'tool-calls' }
      },
      (context) => ({
        tools: context.tools(
          {
            book: sdk.tool({
              inputSchema: z.object({ city: z.string() }),
              execute: () => ({ booked: calls.push('booked') > 0 }),
            }),
          },
          { needsApproval: ['book'] },
        ),
      }),
    )
    const first = open()
    await act(async () => void first.hook.result.current.sendMessage({ text: 'Book it.' }))
    const question = ({ hook }: Page): ToolApproval | undefined => {
      const parts = hook.result.current.messages.at(-1)?.parts ?? []
      const found = parts.find(({ type }) => type === 'data-approval')
      return (found as { data: ToolApproval } | undefined)?.data
    }
    await waitFor(() => expect(question(first)).toBeDefined())
    const { jobId } = question(first)!
    await api.engine.until(jobId, 'waiting')
    const second = open(first.hook.result.current.messages.slice(0, 1), true)
    await waitFor(() => expect(question(second)).toEqual(question(first)))
    expect(calls).toHaveLength(1)

    await second.transport.respond(question(second)!, { approved, reason: 'as I said' })
    await waitFor(() => expect(first.hook.result.current.status).toBe('ready'))
    expect(first.text()).toBe('All right ')
    expect(calls.filter((call) => call === 'booked')).toHaveLength(approved ? 1 : 0)
    expect(calls.at(-1)).toContain(approved ? '"booked":true' : '"reason":"as I said"')
    const parts = first.hook.result.current.messages.at(-1)!.parts
    expect(parts.filter(({ type }) => type === 'tool-book')).toHaveLength(1)
    expect(parts.filter(({ type }) => type === 'data-approval')).toHaveLength(1)
  })

  it('makes a call that failed no second time once the model has answered it', async () => {
    const calls: string[] = []
    let looks = 0
    const { z } = await import('zod')
    const { api, open } = await chatOf(
      sdk,
      async function* ({ prompt }) {
        calls.push(JSON.stringify(prompt))
        if (calls.length > 2) {
          yield* words('All right')
          return
        }
        const [toolCallId, toolName] = calls.length === 1 ? ['c1', 'look'] : ['c2', 'book']
        yield { type: 'tool-call', toolCallId, toolName, input: '{}' }
        yield { finish: 'tool-calls' }
      },
      (context) => ({
        tools: context.tools(
          {
            look: sdk.tool({
              inputSchema: z.object({}),
              execute: () => {
                looks += 1
                if (looks === 1) throw new Error('nobody is there')
                return { found: true }
              },
            }),
            book: sdk.tool({ inputSchema: z.object({}), execute: () => ({ booked: true }) }),
          },
          { needsApproval: ['book'] },
        ),
      }),
    )
    const { hook, text, transport } = open()
    await act(async () => void hook.result.current.sendMessage({ text: 'Book it.' }))
    const question = (): { data: ToolApproval } | undefined =>
      hook.result.current.messages.at(-1)?.parts.find(({ type }) => type === 'data-approval') as
        | { data: ToolApproval }
        | undefined
    await waitFor(() => expect(question()).toBeDefined())
    const { data } = question()!
    await api.engine.until(data.jobId, 'waiting')
    await transport.respond(data, { approved: true })
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('All right ')
    expect(looks).toBe(1)
    expect(calls).toHaveLength(3)
    expect(calls[2]).toContain('nobody is there')
    const parts = hook.result.current.messages.at(-1)!.parts.filter(isCall)
    expect(parts).toMatchObject([
      { type: 'tool-look', state: 'output-error', errorText: 'nobody is there' },
      { type: 'tool-book', state: 'output-available', output: { booked: true } },
    ])
  })

  it.each([
    ['makes', false],
    ['asks before it makes', true],
  ])('%s each of two calls to which the provider gives one id', async (_how, needsApproval) => {
    const towns: string[] = []
    let calls = 0
    const { z } = await import('zod')
    const { api, open } = await chatOf(
      sdk,
      async function* () {
        calls += 1
        if (calls > 2) {
          yield* words('All right')
          return
        }
        const input = calls === 1 ? '{"town":"Lisbon"}' : '{"town":"Porto"}'
        yield { type: 'tool-call', toolCallId: 'call_0', toolName: 'weather', input }
        yield { finish: 'tool-calls' }
      },
      (context) => ({
        tools: context.tools(
          {
            weather: sdk.tool({
              inputSchema: z.object({ town: z.string() }),
              execute: ({ town }: { town: string }) => ({ sunny: towns.push(town) }),
            }),
          },
          { needsApproval: needsApproval ? ['weather'] : [] },
        ),
      }),
    )
    const { hook, text, transport } = open()
    await act(async () => void hook.result.current.sendMessage({ text: 'The weather?' }))
    const approvals = (): ToolApproval[] =>
      (hook.result.current.messages.at(-1)?.parts ?? []).flatMap((part) =>
        part.type === 'data-approval' ? [part.data as ToolApproval] : [],
      )
    for (const nth of needsApproval ? [0, 1] : []) {
      await waitFor(() => expect(approvals()).toHaveLength(nth + 1))
      await api.engine.until(approvals()[nth]!.jobId, 'waiting')
      await transport.respond(approvals()[nth]!, { approved: true })
    }
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('All right ')
    expect(towns).toEqual(['Lisbon', 'Porto'])
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    const steps = await api.engine.jobs.steps(ada, job!.id)
    expect(steps.map(({ key }) => key).filter((key) => key.startsWith('tool'))).toEqual([
      'tool weather:call_0',
      'tool weather:call_0#2',
    ])
  })

  it('is kept by the app before its job is complete, also when the process dies in between', async () => {
    const kept: string[] = []
    const { api, open } = await chatOf(
      sdk,
      () => words('so it goes'),
      () => ({}),
      {
        async onAnswer({ message, chatId, job, step }) {
          await step('keep', () => void kept.push(`${chatId}: ${textOf(message)}`))
          if (job.attempt === 1) throw new Error('crashed after it was kept')
        },
      },
    )
    const { hook, text } = open()
    await act(() => hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(hook.result.current.status).toBe('ready'))
    expect(text()).toBe('so it goes ')
    expect(kept).toEqual(['Trip-1: so it goes '])
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    expect(job).toMatchObject({ status: 'completed', attempt: 2 })
  })

  it('gives the app no answer that is too large to be kept as a result', async () => {
    const kept: string[] = []
    let calls = 0
    const { z } = await import('zod')
    const { api, open } = await chatOf(
      sdk,
      async function* () {
        for (const end = calls + 4; calls < end; calls += 1)
          yield { type: 'tool-call', toolCallId: `call-${calls}`, toolName: 'page', input: '{}' }
        yield { finish: 'tool-calls' }
      },
      (context) => ({
        tools: context.tools({
          page: sdk.tool({ inputSchema: z.object({}), execute: () => 'x'.repeat(60 * 1024) }),
        }),
      }),
      { onAnswer: ({ message }) => void kept.push(message.id) },
    )
    const { hook } = open()
    await act(() => hook.result.current.sendMessage({ text: 'All of them.' }))
    await waitFor(() => expect(hook.result.current.status).toBe('error'))
    const [job] = (await api.engine.jobs.list({ principal: ada, selection: {}, limit: 1 })).jobs
    expect(job).toMatchObject({ status: 'failed', attempt: 1, error: { code: 'invalid_result' } })
    expect(calls).toBe(20)
    expect(kept).toEqual([])
  })

  it('says why there is no answer', async () => {
    const { open } = await chatOf(
      sdk,
      // oxlint-disable-next-line require-yield
      async function* () {
        throw new Error('The model is on holiday.')
      },
      () => ({}),
      { retry: { attempts: 1 } },
    )
    const { hook } = open()
    await act(() => hook.result.current.sendMessage({ text: 'Well?' }))
    await waitFor(() => expect(hook.result.current.status).toBe('error'))
    expect(hook.result.current.error?.message).toBe('The model is on holiday.')
  })
})
