import { z } from 'zod'

export const aiProxyRequest = z.strictObject({ input: z.string().trim().min(3).max(500) })

/** What the proxy is asked with. The key is no part of the job's input: it is a secret of the job. */
export const aiProxyBody = aiProxyRequest.extend({
  user_provided_key: z
    .string()
    .regex(/^[\u0021-\u007e]{8,400}$/)
    .optional(),
})

export type AiProxyRequest = z.infer<typeof aiProxyRequest>

export const usage = z.object({ requests: z.number(), tokens: z.number() })

/** Of one person, in this month. Without a language model there are no tokens. */
export type Usage = z.infer<typeof usage>

export const aiProxyResult = z.object({
  intent: z.enum(['smart_goal', 'prioritization']),
  message: z.string(),
  usage,
})
