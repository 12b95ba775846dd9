import { z } from 'zod'
import { limits } from '../../core/index.js'
import { answerJson } from '../answer.js'
import { formatCursor, parseCursor } from '../cursor.js'
import { flag, jsonText, listOf, wholeNumberFrom } from '../query-parameters.js'
import { defineRoute } from '../route.js'
import { inputFilterSchema, jobListSchema, parentSchema, statusSchema } from '../schemas.js'

/** Of inputs, results and metadata. What is more than that goes on with the cursor. */
const pageBytes = 8_388_608
const name = z.string().min(1).max(limits.nameBytes)

export const listJobs = defineRoute({
  method: 'GET',
  path: '/jobs',
  operationId: 'listJobs',
  summary: 'Jobs, newest first. Lists are separated by commas.',
  query: z.strictObject({
    status: listOf(statusSchema).optional(),
    type: listOf(name).optional(),
    queue: listOf(name).optional(),
    tags: listOf(name).optional().describe('jobs that have all of these'),
    input: jsonText
      .pipe(inputFilterSchema)
      .optional()
      .describe('fields of the input, as JSON: {"contactId":"c1"}'),
    parent: parentSchema.optional(),
    scope: z
      .enum(['own', 'visible'])
      .optional()
      .describe('own (default), or all that the caller may see'),
    limit: wholeNumberFrom(1, limits.pageSize).optional().describe('default 20'),
    cursor: z.string().max(512).optional(),
    counts: flag.optional().describe('also count the jobs of the filter by status'),
  }),
  answers: { 200: { description: 'A page of jobs.', schema: jobListSchema } },
  errors: ['invalid_parameter', 'ambiguous_parameter', 'invalid_cursor', 'invalid_input'],
  async handle({ query: { limit = 20, cursor, counts, ...selection }, principal, services }) {
    const after = cursor === undefined ? undefined : parseCursor(principal, cursor)
    const [page, counted] = await Promise.all([
      services.jobs.list({ principal, selection, after, limit, mostBytes: pageBytes }),
      counts === true ? services.jobs.count(principal, selection) : undefined,
    ])
    const last = page.jobs.at(-1)
    return answerJson({
      jobs: page.jobs,
      epoch: page.epoch,
      nextCursor: page.hasMore && last !== undefined ? formatCursor(principal, last) : null,
      ...(counted === undefined ? {} : { counts: counted.counts, countsCapped: counted.capped }),
    })
  },
})
