import { convertToModelMessages, streamText } from 'ai'
import { defineChat } from 'longhaul/ai/server'
import { backendModel } from './backend-model'

/** Answers a chat. The answer goes on whoever is looking, and survives crashes of this process. */
export const chat = defineChat('chat', {
  retry: { attempts: 3 },
  timeout: '5m',
  answer: async ({ messages, model, signal, job }) =>
    streamText({
      model: model(backendModel(job.id)), // with a key of your own: model(openai('gpt-5'))
      messages: await convertToModelMessages(messages),
      abortSignal: signal,
      maxRetries: 0, // the job retries
    }),
})
