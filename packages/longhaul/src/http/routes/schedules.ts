import { z } from 'zod'
import { limits } from '../../core/index.js'
import { answerJson } from '../answer.js'
import { defineRoute } from '../route.js'
import { scheduleSchema } from '../schemas.js'

export const listSchedules = defineRoute({
  method: 'GET',
  path: '/schedules',
  operationId: 'listSchedules',
  summary: "The caller's own schedules, by name.",
  answers: {
    200: {
      description: 'All of them.',
      schema: z.strictObject({ schedules: z.array(scheduleSchema) }),
    },
  },
  errors: [],
  handle: async ({ principal, services }) =>
    answerJson({ schedules: await services.schedules.list(principal) }),
})

export const getSchedule = defineRoute({
  method: 'GET',
  path: '/schedules/{scheduleId}',
  operationId: 'getSchedule',
  summary: 'One schedule of the caller.',
  answers: { 200: { description: 'The schedule.', schema: scheduleSchema } },
  errors: ['schedule_not_found'],
  handle: async ({ params, principal, services }) =>
    answerJson(await services.schedules.get(principal, params['scheduleId'] ?? '')),
})

export const putSchedule = defineRoute({
  method: 'PUT',
  path: '/schedules/{scheduleId}',
  operationId: 'putSchedule',
  summary:
    'Make a schedule of the caller, or replace it. Each of its times makes one job of the caller.',
  body: z
    .strictObject({
      type: z.string(),
      input: z.unknown().optional().describe('as the job type defines it; {} when absent'),
      cron: z.string().max(200).describe('five fields, or six with seconds first'),
      timeZone: z.string().max(100).optional().describe('an IANA name; UTC when absent'),
      missed: z.enum(['skip', 'once', 'all']).optional().describe('`once` when absent'),
      paused: z.boolean().optional(),
      priority: z.int().min(-limits.priority).max(limits.priority).optional(),
      tags: z.array(z.string()).max(limits.tags).optional(),
    })
    .meta({ id: 'PutSchedule' }),
  answers: { 200: { description: 'The schedule.', schema: scheduleSchema } },
  errors: ['unknown_job_type', 'invalid_input', 'too_many_schedules', 'invalid_character'],
  async handle({ params, body, principal, services }) {
    const schedule = { ...body, input: body.input ?? {}, id: params['scheduleId'] ?? '' }
    return answerJson(await services.schedules.set(principal, schedule))
  },
})

export const deleteSchedule = defineRoute({
  method: 'DELETE',
  path: '/schedules/{scheduleId}',
  operationId: 'deleteSchedule',
  summary: 'Delete a schedule of the caller. Jobs that it has made stay.',
  answers: { 204: { description: 'It is deleted.' } },
  errors: ['schedule_not_found'],
  async handle({ params, principal, services }) {
    await services.schedules.delete(principal, params['scheduleId'] ?? '')
    return new Response(null, { status: 204 })
  },
})
