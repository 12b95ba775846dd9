import { z } from 'zod'
import { readIdempotencyKey } from '../idempotency-key.js'
import { defineRoute } from '../route.js'

export const sendSignal = defineRoute({
  method: 'POST',
  path: '/jobs/{jobId}/signals/{name}',
  operationId: 'sendSignal',
  summary:
    'Send a signal to a job: an approval, a callback, any JSON. Its handler receives it once.',
  headers: {
    'Idempotency-Key': 'A signal with a key that was sent to this job before is not stored again.',
  },
  body: z.json().optional().meta({ id: 'SignalPayload' }),
  answers: { 204: { description: 'The signal is stored.' } },
  errors: [
    'job_not_found',
    'invalid_state',
    'too_many_signals',
    'invalid_parameter',
    'invalid_header',
    'invalid_character',
  ],
  async handle({ request, params, body, principal, services }) {
    await services.jobs.signal({
      principal,
      id: params['jobId'] ?? '',
      name: params['name'] ?? '',
      payload: body ?? null,
      idempotencyKey: readIdempotencyKey(request),
    })
    return new Response(null, { status: 204 })
  },
})
