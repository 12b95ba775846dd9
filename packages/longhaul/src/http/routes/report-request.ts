import { z } from 'zod'
import { reportSignal } from '../../core/index.js'
import { readIdempotencyKey } from '../idempotency-key.js'
import { defineRoute } from '../route.js'

const said = {
  progress: z.number().min(0).max(100).optional(),
  stage: z.string().max(200).optional(),
  attempt: z.int().min(1).optional().describe('of which attempt this is said; others ignore it'),
}

export const reportRequest = defineRoute({
  method: 'POST',
  path: '/jobs/{jobId}/reports',
  operationId: 'reportRequest',
  summary:
    'An outside back end reports on a request that it works on: how far it is, or how it has ended. What is said first counts.',
  headers: {
    'Idempotency-Key': 'A report with a key that was sent for this job before is not stored again.',
  },
  body: z
    .discriminatedUnion('status', [
      z.strictObject({ ...said, status: z.literal('running') }),
      z.strictObject({ ...said, status: z.literal('completed'), result: z.json() }),
      z.strictObject({
        ...said,
        status: z.literal('failed'),
        error: z.strictObject({
          code: z.string().max(64),
          message: z.string().max(2000),
          retryable: z.boolean().optional(),
        }),
      }),
    ])
    .meta({ id: 'RequestReport' }),
  answers: { 204: { description: 'The report is stored.' } },
  errors: [
    'job_not_found',
    'invalid_state',
    'too_many_signals',
    'invalid_input',
    'not_json',
    'invalid_header',
    'invalid_character',
  ],
  async handle({ request, params, body, principal, services }) {
    await services.jobs.signal({
      principal,
      id: params['jobId'] ?? '',
      name: reportSignal,
      payload: body,
      idempotencyKey: readIdempotencyKey(request),
    })
    return new Response(null, { status: 204 })
  },
})
