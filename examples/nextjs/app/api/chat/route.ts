import type { ChatRequest } from 'longhaul/ai/server'
import { longhaul } from '@/lib/longhaul'
import { nobody, refuse } from '@/lib/refuse'
import { principalOf } from '@/lib/session'

interface Question {
  readonly request: ChatRequest
  readonly options: { readonly id: string; readonly tags: readonly string[] }
}

/** Asks for an answer: the job is there when this returns. Whatever is no question is refused with a 422. */
export async function POST(request: Request): Promise<Response> {
  const principal = principalOf(request)
  if (principal === null) return nobody()
  const question = (await request.json().catch(() => null)) as Partial<Question> | null
  const { id, tags } = question?.options ?? {}
  try {
    const job = await longhaul.jobs.enqueue('chat', question?.request as ChatRequest, {
      principal,
      id,
      tags,
    })
    return Response.json({ id: job.id, status: job.status }, { status: 201 })
  } catch (error) {
    return refuse(error)
  }
}
