import { convertToModelMessages, stepCountIs, streamText, tool, type UIMessage } from 'ai'
import { JobFailure, type Principal } from 'longhaul'
import { type AnsweredContext, type ChatContext, defineChat } from 'longhaul/ai/server'
import { z } from 'zod'
import { answererOf } from './answerer.js'
import type { Assistant } from './assistant.js'
import { withAttachments } from './attachments/with-attachments.js'
import { backendModel } from './backend-model.js'
import { findPlaces } from './found-places.js'
import type { TripDesk } from './trip-desk.js'

export interface ConciergeOptions {
  readonly assistant: Assistant
  /** Where an outside back end answers, if there is one. */
  readonly backendUrl?: string | undefined
  readonly desk: TripDesk
  /** Reads what somebody has attached to a question of theirs; nothing when it is not there. */
  readonly readAttachment: (principal: Principal, id: string) => Promise<Buffer | undefined>
  /** Keeps an answer in its conversation. Called again with the same answer, it changes nothing. */
  readonly keepAnswer: (answer: KeptAnswer) => Promise<void>
}

export interface KeptAnswer {
  readonly principal: Principal
  readonly conversationId: string
  readonly jobId: string
  readonly message: UIMessage
}

const instructions = [
  'You help travellers of Longhaul Studio, briefly and in English.',
  'Say of places only what the tools say. Plan a trip with plan_trip: its user is asked first.',
].join(' ')

/** The chat's job: it answers with places and trips, and asks before it plans one. */
// The type follows from the definition, for the hooks of the pages.
export function createConcierge(options: ConciergeOptions) {
  const { assistant, backendUrl, desk, readAttachment, keepAnswer } = options
  return defineChat('ai_concierge_query', {
    expiresAfter: '30d',
    retry: { attempts: 3 },
    concurrency: { perTenant: 10 },
    async answer({ messages, body, model, tools, signal, job }) {
      const asked = await withAttachments(messages, (id) => readAttachment(principalOf(job), id))
      const prompt = await convertToModelMessages(asked)
      if (answererOf(body) === 'backend') {
        if (backendUrl === undefined) throw noBackend()
        return streamText({
          model: model(backendModel(backendUrl, job.id)),
          messages: prompt,
          abortSignal: signal,
          maxRetries: 0,
          // The job says it.
          onError: () => undefined,
        })
      }
      return streamText({
        model: model(assistant.model),
        system: instructions,
        messages: prompt,
        tools: tools(toolsOf(desk, job), { needsApproval: ['plan_trip'] }),
        stopWhen: stepCountIs(5),
        abortSignal: signal,
        maxRetries: 0,
        onError: () => undefined,
      })
    },
    onAnswer: ({ chatId, message, job, step }: AnsweredContext) =>
      step('keep the answer', () =>
        keepAnswer({
          principal: principalOf(job),
          conversationId: chatId,
          jobId: job.id,
          message,
        }),
      ),
  })
}

function toolsOf(desk: TripDesk, job: ChatContext['job']) {
  return {
    find_places: tool({
      description: 'Places around a town: name, distance, direction, size.',
      inputSchema: z.object({
        near: z.string().min(1).max(120),
        count: z.number().int().min(1).max(20).default(6),
        interests: z.array(z.enum(['coast', 'islands', 'cities', 'towns'])).default([]),
      }),
      execute: findPlaces,
    }),
    my_trips: tool({
      description: 'The latest trips of whoever asks, and how far they are.',
      inputSchema: z.object({}),
      execute: async () => ({ trips: await desk.list(principalOf(job)) }),
    }),
    plan_trip: tool({
      description: 'Plan a trip: a round for each day, through places around a town.',
      inputSchema: z.object({
        destination: z.string().min(1).max(120),
        days: z.number().int().min(1).max(14),
      }),
      execute: (trip, { toolCallId }) =>
        desk.plan(principalOf(job), trip, `${job.id} ${toolCallId}`),
    }),
  }
}

function noBackend(): JobFailure {
  return new JobFailure('The studio was started without an outside back end: ask the assistant.', {
    code: 'no_backend',
    retryable: false,
  })
}

/** The assistant may do what its user may, and nothing more. */
function principalOf({ tenantId, ownerId }: ChatContext['job']): Principal {
  return { tenantId, userId: ownerId, roles: [] }
}
