import { z } from 'zod'
import { isTimeZone } from '../../contacts/slots/local-time.js'

/** Postgres keeps no NUL. */
const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((value) => !value.includes('\0'))

const demandedText = (most: number) => text(most).min(1)

export const contactFacts = z.strictObject({
  name: demandedText(100),
  role: text(100),
  company: text(100),
  email: z.union([z.literal(''), z.email().max(200)]),
  timeZone: z.string().max(64).refine(isTimeZone),
  isArchived: z.boolean(),
})

export const newTalk = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['call', 'meeting', 'message']),
  at: z.iso.datetime({ offset: true }),
  minutes: z.number().int().min(1).max(1440).nullable(),
  text: demandedText(5000),
})

export type NewTalk = z.infer<typeof newTalk>

export const draftChange = z.strictObject({
  subject: demandedText(200),
  body: demandedText(10_000),
  status: z.enum(['open', 'accepted', 'dismissed']),
})

export type DraftChange = z.infer<typeof draftChange>
