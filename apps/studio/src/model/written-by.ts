import { z } from 'zod'

/** Who wrote a text: a language model, or sentences put together without one. */
export const writtenBy = z.object({
  kind: z.enum(['model', 'offline']),
  model: z.string().nullable(),
})

export type WrittenBy = z.infer<typeof writtenBy>

export const offline: WrittenBy = { kind: 'offline', model: null }
