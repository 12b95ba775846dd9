import { type JobContext, JobFailure } from 'longhaul'
import { z } from 'zod'
import type { AgentId } from './agents.js'
import type { ContactBook, KnownContact, WrittenText } from './contact-book.js'

export const contactTaskResult = z.object({ draftId: z.string() })

/** What the jobs of all agents have in common: everyone in the organisation sees them, and they are found by the contact. */
export const contactTaskPolicy = {
  result: contactTaskResult,
  visibility: 'tenant',
  timeout: '1m',
  filterBy: ['contactId', 'agentId'],
} as const

interface Task {
  readonly contactId: string
  readonly agentId: AgentId
}

/** Reads the contact, has the text written, and keeps it as the draft of this job. */
export async function draftAbout<Input extends Task>(
  job: JobContext<Input>,
  book: ContactBook,
  write: (known: KnownContact, nowMs: number) => Promise<WrittenText>,
): Promise<z.infer<typeof contactTaskResult>> {
  const { tenantId, id: jobId } = job.job
  const { contactId, agentId } = job.input
  job.progress(10, 'Reading what is known')
  const nowMs = await job.step('look at the clock', () => Date.now())
  // Not a step: what is known of people is stored in one place, and not once more with the job.
  const known = await book.read(tenantId, contactId)
  if (known === undefined) throw gone()
  if (known.contact.isArchived) {
    throw new JobFailure(
      'The contact is archived, so nothing is done for them. Take them out of the archive first.',
      { code: 'contact_archived', retryable: false },
    )
  }
  const text = await write(known, nowMs)
  job.progress(85, 'Keeping the draft')
  const isKept = await job.step('keep the draft', () =>
    book.keepDraft(tenantId, { contactId, jobId, agentId, ...text }),
  )
  if (!isKept) throw gone()
  return { draftId: jobId }
}

/** @throws {JobFailure} when nobody has talked with them yet */
export function demandTalks({ contact, talks }: KnownContact, nowMs: number): void {
  if (talks.some(({ at }) => Date.parse(at) <= nowMs)) return
  throw new JobFailure(
    `No talk with ${contact.name} is written down, so there is nothing to work with. Write one down first.`,
    { code: 'no_talks', retryable: false },
  )
}

function gone(): JobFailure {
  return new JobFailure('The contact is not there any more.', {
    code: 'contact_not_found',
    retryable: false,
  })
}
