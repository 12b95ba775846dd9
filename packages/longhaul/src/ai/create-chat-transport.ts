import type { ChatTransport, UIMessage } from 'ai'
import { isSettled, type Job, LonghaulError, type LonghaulClient } from '../client/index.js'
import { answerStream } from './answer-stream.js'
import { chatTag } from './chat-tag.js'
import { partialAnswer } from './partial-answer.js'

export interface ChatTransportOptions {
  readonly client: LonghaulClient
  /**
   * The job type that answers: what `defineChat` was called with.
   *
   * @defaultValue 'chat'
   */
  readonly type?: string
  /**
   * What `stop()` of `useChat` does: cancel the answer, which stops the model, or only look away.
   * `useChat` of AI SDK 7 also calls it when its component goes away; `useChatTransport` of
   * `longhaul/ai/react` tells the two apart.
   *
   * @defaultValue 'cancel'
   */
  readonly onStop?: 'cancel' | 'detach'
  /**
   * Asks for an answer by a route of the app's own, which makes the job with this id and these tags:
   * to keep the question in the same transaction, say.
   *
   * @defaultValue the job is made by the API of Longhaul
   */
  readonly create?: (
    request: ChatQuestion,
    options: { readonly id: string; readonly tags: readonly string[] },
  ) => Promise<unknown>
}

/** What an answer is asked for with: the input of the job. */
export interface ChatQuestion {
  readonly chatId: string
  readonly messages: readonly UIMessage[]
  readonly trigger: 'submit-message' | 'regenerate-message'
  readonly messageId?: string | undefined
  readonly body?: object | undefined
}

/** The data of a `data-approval` part: a tool's call that waits for somebody to allow it. */
export interface ToolApproval {
  readonly jobId: string
  readonly toolCallId: string
  readonly signal: string
}

export interface LonghaulChatTransport<Message extends UIMessage> extends ChatTransport<Message> {
  /** The component that shows the chat is there. @returns a function that says that it goes away: from then on a stop cancels nothing */
  attach(): () => void
  /** Cancel the answer that is being written in a chat, also one that another tab asked for. */
  cancel(chatId: string): Promise<void>
  /** Allow or refuse the call of a tool that waits for it. What is said first counts. */
  respond(
    approval: ToolApproval,
    response: { readonly approved: boolean; readonly reason?: string },
  ): Promise<void>
  /**
   * The messages of a chat as its latest answer has them; none, if it has none or they have expired. Of an
   * answer that was cancelled or failed there is the text that it had written.
   */
  load(chatId: string): Promise<Message[]>
}

/** Sent again, it is the same request with the same id: an answer that is being made is not made twice. */
interface Unsent {
  readonly id: string
  readonly asked: string
  readonly request: ChatQuestion
}

/** Newer versions of the AI SDK say when it is stopped, too. */
interface Resume {
  readonly chatId: string
  readonly abortSignal?: AbortSignal
}

interface Asked<Message> {
  readonly chatId: string
  readonly messages: Message[]
}

/**
 * Gives `useChat` durable answers: each is a job, which goes on when the page is closed, the
 * connection is lost or the server restarts. With `resume: true`, a page that is opened in the
 * middle of an answer shows it from its start and follows it.
 *
 * @example
 * const client = useLonghaulClient()
 * const transport = useMemo(() => createChatTransport({ client }), [client])
 * const chat = useChat({ id, transport, resume: true })
 */
export function createChatTransport<Message extends UIMessage = UIMessage>({
  client,
  type = 'chat',
  onStop = 'cancel',
  create = (request, options) => client.jobs.create(type as never, request as never, options),
}: ChatTransportOptions): LonghaulChatTransport<Message> {
  let isLeaving = false
  /** By chat, the question that failed to be asked. Nobody knows whether it has come to the server: its job may be there. */
  const unsent = new Map<string, Unsent>()
  /** By chat, the answer that `load` left to be resumed. It may be complete by then. */
  const unfinished = new Map<string, string>()
  /** How often any chat was resumed. */
  let resumes = 0

  async function latestAnswer(chatId: string, status?: Job['status'][]): Promise<Job | undefined> {
    // Each carries all messages before it, so no more than one is asked for.
    const { jobs } = await client.jobs.list({
      type: [type],
      tags: [chatTag(chatId)],
      status,
      limit: 1,
    })
    return jobs.find(({ input }) => (input as Asked<Message>).chatId === chatId)
  }

  /** One that is older than the latest, as when two tabs ask at once, is none that a page goes on with. */
  async function answerToResume(chatId: string): Promise<string | undefined> {
    const latest = await latestAnswer(chatId)
    const isActive = latest !== undefined && !isSettled(latest.status)
    const id = isActive ? latest.id : unfinished.get(chatId)
    if (id !== undefined) hasCome(chatId, id)
    return id
  }

  /** Its answer is shown: asked again, the question is for another one. */
  function hasCome(chatId: string, id: string): void {
    if (unsent.get(chatId)?.id === id) unsent.delete(chatId)
  }

  /** As far as can be told. */
  function isThere(id: string): Promise<boolean> {
    return client.jobs.get(id).then(
      () => true,
      () => false,
    )
  }

  async function cancel(id: string): Promise<void> {
    try {
      await client.jobs.cancel(id)
    } catch (error) {
      // It was complete before it could be stopped.
      if (!LonghaulError.is(error, 'invalid_state')) throw error
    }
  }

  /** When the chat is stopped, also while the answer is being asked for or looked for. */
  function cancelWhenStopped(
    answer: Promise<string | undefined>,
    abortSignal: AbortSignal | undefined,
  ): void {
    const stop = (): void => {
      if (onStop !== 'cancel' || isLeaving) return
      const before = resumes
      queueMicrotask(() => {
        // Who resumes a chat again stops what it had resumed, first and in the same turn.
        if (resumes !== before) return
        answer.then((id) => (id === undefined ? undefined : cancel(id))).catch(() => undefined)
      })
    }
    abortSignal?.addEventListener('abort', stop)
    if (abortSignal?.aborted === true) stop()
  }

  /** @returns the job that answers */
  async function ask(request: ChatQuestion): Promise<string> {
    const { chatId, messages, body } = request
    const asked = JSON.stringify([messages, body])
    const before = unsent.get(chatId)
    unsent.delete(chatId)
    const isAgain = before?.asked === asked
    // Another one is asked in its place, so nobody waits for its answer.
    if (before !== undefined && !isAgain) void cancel(before.id).catch(() => undefined)
    const question: Unsent = isAgain ? before : { id: client.newJobId(), asked, request }
    const { id } = question
    try {
      await create(question.request, { id, tags: [chatTag(chatId)] })
    } catch (error) {
      // A route that makes another job of it when it is called again is refused, and the one of before is there.
      if (!isAgain || !(await isThere(id))) {
        unsent.set(chatId, question)
        throw error
      }
    }
    unfinished.delete(chatId)
    return id
  }

  return {
    resumeStreamIsReplay: true,

    attach() {
      isLeaving = false
      return () => {
        isLeaving = true
      }
    },

    async sendMessages({ chatId, messages, trigger, messageId, abortSignal, body }) {
      const asked = ask({ chatId, messages, trigger, messageId, body })
      cancelWhenStopped(asked, abortSignal)
      return answerStream({ client, id: await asked, signal: abortSignal })
    },

    async reconnectToStream(options) {
      const { chatId, abortSignal } = options as Resume
      resumes += 1
      const found = answerToResume(chatId)
      cancelWhenStopped(found, abortSignal)
      const id = await found
      return id === undefined ? null : answerStream({ client, id, signal: abortSignal })
    },

    async cancel(chatId) {
      const job = await latestAnswer(chatId, ['queued', 'running', 'waiting'])
      if (job !== undefined) await cancel(job.id)
    },

    respond({ jobId, signal }, { approved, reason }) {
      const payload = { approved, ...(reason === undefined ? {} : { reason }) }
      return client.jobs.signal(jobId, signal, payload, { idempotencyKey: signal })
    },

    async load(chatId) {
      const latest = await latestAnswer(chatId)
      unfinished.delete(chatId)
      if (latest === undefined) return []
      hasCome(chatId, latest.id)
      const { messages } = latest.input as Asked<Message>
      const answered = latest.result as { readonly message: Message } | null
      if (latest.status === 'cancelled' || latest.status === 'failed') {
        const partial = await partialAnswer(client, latest.id)
        return partial === undefined ? messages : withPartial(messages, partial as Message)
      }
      if (answered === null) {
        unfinished.set(chatId, latest.id)
        return messages
      }
      return [...messages.filter(({ id }) => id !== answered.message.id), answered.message]
    },
  }
}

/** Where it went on with the last message, its parts are more of that one. */
function withPartial<Message extends UIMessage>(messages: Message[], partial: Message): Message[] {
  const last = messages.at(-1)
  if (last?.id !== partial.id) return [...messages, partial]
  return [...messages.slice(0, -1), { ...last, parts: [...last.parts, ...partial.parts] }]
}
