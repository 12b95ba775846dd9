import { z } from 'zod'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'

export const watchTicket = defineRoute({
  method: 'POST',
  path: '/watch/ticket',
  operationId: 'createWatchTicket',
  summary: 'A ticket for one WebSocket, where no header can be sent with it: /ws?ticket=…',
  body: z.strictObject({}).optional(),
  answers: {
    200: {
      description: 'It can be used once, on any node.',
      schema: z
        .strictObject({ ticket: z.string(), expiresInMs: z.int() })
        .meta({ id: 'WatchTicket' }),
    },
  },
  errors: [],
  async handle({ principal, services: { tickets } }) {
    const ticket = await tickets.issue(principal)
    return answerJson({ ticket, expiresInMs: tickets.lifetimeMs }, 200, {
      'cache-control': 'private, no-store',
    })
  },
})
