import { LonghaulError, type Principal } from 'longhaul'
import type pg from 'pg'
import { z } from 'zod'
import { answererOf, answerers } from '../../trips/concierge/answerer.js'
import { mostAttachments } from '../../trips/concierge/attachments/attachment-limits.js'
import { attachmentIdOf } from '../../trips/concierge/attachments/attachment-url.js'
import { type ConversationJobs, deleteJob } from './delete-conversation.js'
import { findConversation, keepQuestion, type Question } from './conversations.js'

const id = z.string().regex(/^[\w-]{1,64}$/)

/** Without U+0000 and half surrogate pairs, which Postgres has no place for. */
const partText = z
  .string()
  .max(4000)
  .refine((value) => !value.includes('\0') && !/\p{Surrogate}/u.test(value))

const question = z.object({
  id,
  parts: z.array(
    z.looseObject({
      type: z.string(),
      text: partText.optional(),
      url: z.string().optional(),
    }),
  ),
})

/** What the transport of the page sends. Only the last message counts: the others are here already. */
export const questionRequest = z.object({
  request: z.object({
    chatId: id,
    messages: z
      .array(z.unknown())
      .transform((messages) => messages.slice(-1))
      .pipe(z.tuple([question])),
    body: z.object({ answerer: z.enum(answerers) }).optional(),
  }),
  options: z.object({ id: z.uuid(), tags: z.array(z.string()) }),
})

export type QuestionRequest = z.infer<typeof questionRequest>

interface ChatInput {
  readonly chatId: string
  readonly messages: never[]
  readonly trigger: 'submit-message'
  readonly body?: QuestionRequest['request']['body']
}

/** As much of the app's jobs as asking needs. */
export interface AnswerJobs extends ConversationJobs {
  enqueue(
    type: 'ai_concierge_query',
    input: ChatInput,
    options: {
      readonly principal: Principal
      readonly id: string
      readonly tags: readonly string[]
      readonly transaction: pg.PoolClient
    },
  ): Promise<{ readonly id: string }>
}

export interface Ask {
  readonly pool: pg.Pool
  readonly jobs: AnswerJobs
  readonly principal: Principal
}

/** How many messages of a conversation the assistant gets to read. */
const mostRead = 40

/**
 * Keeps a question and asks for its answer in one transaction: neither is there without the other. A question
 * that is sent again with the job that it has is answered by that; with another one, by that alone.
 */
export async function ask(
  { pool, jobs, principal }: Ask,
  { request, options }: QuestionRequest,
): Promise<{ readonly id: string }> {
  const { chatId } = request
  const client = await pool.connect()
  let before: string | undefined
  try {
    await client.query('begin')
    before = await keepQuestion(client, principal, readQuestion(request, options.id))
    if (before === options.id) {
      await client.query('commit')
      return { id: before }
    }
    const { messages = [] } = (await findConversation(client, principal, chatId)) ?? {}
    const read = messages
      .slice(-mostRead)
      .map(({ id: key, role, parts }) => ({ id: key, role, parts }))
    await jobs.enqueue(
      'ai_concierge_query',
      { chatId, messages: read as never[], trigger: 'submit-message', body: request.body },
      { principal, ...options, transaction: client },
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  } finally {
    client.release()
  }
  // The question is asked, whatever becomes of that: its handler may take its time to stop.
  if (before !== undefined) void deleteJob(jobs, principal, before).catch(console.error)
  return { id: options.id }
}

/** @throws {LonghaulError} `invalid_input` when there is nothing in it, or too much */
function readQuestion(request: QuestionRequest['request'], jobId: string): Question {
  const { chatId, messages, body } = request
  const [{ id: messageId, parts }] = messages
  const text = parts.map((part) => part.text ?? '').join('')
  const files = parts.filter(({ type }) => type === 'file')
  if (files.length > mostAttachments)
    throw new LonghaulError(
      'invalid_input',
      `The message has ${files.length} files. Send at most ${mostAttachments} with one message.`,
    )
  if (text.trim() === '' && files.length === 0)
    throw new LonghaulError('invalid_input', 'The message is empty. Write something in it.')
  const attachmentIds = files.map(({ url = '' }) => attachmentIdOf(url) ?? '')
  const answerer = answererOf(body)
  return { conversationId: chatId, id: messageId, text, attachmentIds, jobId, answerer }
}
