import { longhaul } from '@/lib/longhaul'
import { nobody, refuse } from '@/lib/refuse'
import { principalOf } from '@/lib/session'

interface Context {
  readonly params: Promise<{ readonly jobId: string }>
}

/** Cancels an answer. Only its owner can: for everybody else it is not there. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  const principal = principalOf(request)
  if (principal === null) return nobody()
  const { jobId } = await params
  try {
    const job = await longhaul.jobs.cancel({
      principal,
      id: jobId,
      reason: 'asked for in the chat',
    })
    // A running one is asked to stop, and settles when it has.
    const status = job.status === 'cancelled' ? 200 : 202
    return Response.json({ id: job.id, status: job.status }, { status })
  } catch (error) {
    return refuse(error)
  }
}
