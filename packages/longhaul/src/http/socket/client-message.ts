import { z } from 'zod'
import { LonghaulError } from '../../core/index.js'
import type { ClientMessage } from '../../protocol/index.js'
import { checkWatch } from '../check-watch.js'
import { parseJsonText } from '../json-text.js'
import type { Services } from '../route.js'
import { watchRequestSchema } from '../schemas.js'

const schema = z.discriminatedUnion('type', [
  z.strictObject({
    ...watchRequestSchema.shape,
    type: z.literal('watch'),
    number: z.int().min(0),
  }),
  z.strictObject({
    type: z.literal('auth'),
    token: z.string().max(16_384).optional(),
    ticket: z.string().max(64).optional(),
  }),
])

/** @throws {LonghaulError} `invalid_input`, and those of JSON that the API refuses */
export function parseClientMessage(
  text: string,
  services: Pick<Services, 'jobs' | 'logger'>,
): ClientMessage {
  const { success, data, error } = schema.safeParse(parseJsonText(text))
  if (!success) {
    const [issue] = error.issues
    throw new LonghaulError(
      'invalid_input',
      `The message was refused: ${issue?.path.join('/') ?? ''} ${issue?.message ?? ''}.`.slice(
        0,
        300,
      ),
    )
  }
  return data.type === 'watch' ? checkWatch(data, services) : data
}
