import { defineJob, type JobDefinition, JobFailure } from 'longhaul'
import { z } from 'zod'
import type { ContactBook } from './contact-book.js'
import {
  contactTaskPolicy,
  type contactTaskResult,
  demandTalks,
  draftAbout,
} from './contact-task.js'
import { findSlots, slotAt } from './slots/find-slots.js'
import { isTimeZone } from './slots/local-time.js'
import { proposeSlots } from './slots/propose-slots.js'
import { composeFollowUp } from './talks/compose-follow-up.js'
import { summariseTalks } from './talks/summarise-talks.js'

const contactId = z.uuid()
const followUpTask = z.strictObject({ contactId, agentId: z.literal('writer') })
const summaryTask = z.strictObject({ contactId, agentId: z.literal('reader') })
const slotsTask = z.strictObject({
  contactId,
  agentId: z.literal('diary'),
  minutes: z.number().int().min(15).max(240),
  /** Of whoever asks. */
  timeZone: z.string().max(64).refine(isTimeZone),
})

/** Asked for by each job, because no database is open yet when jobs are defined. */
type OpenBook = () => ContactBook

export function createFollowUps(
  openBook: OpenBook,
): JobDefinition<'contact_follow_up', typeof followUpTask, typeof contactTaskResult> {
  return defineJob('contact_follow_up', {
    ...contactTaskPolicy,
    input: followUpTask,
    run: (job) =>
      draftAbout(job, openBook(), async (known, nowMs) => {
        demandTalks(known, nowMs)
        job.progress(50, 'Weighing what is open')
        return composeFollowUp(known, nowMs)
      }),
  })
}

export function createSummaries(
  openBook: OpenBook,
): JobDefinition<'contact_summary', typeof summaryTask, typeof contactTaskResult> {
  return defineJob('contact_summary', {
    ...contactTaskPolicy,
    input: summaryTask,
    run: (job) =>
      draftAbout(job, openBook(), async (known, nowMs) => {
        demandTalks(known, nowMs)
        job.progress(50, 'Choosing what says most')
        return summariseTalks(known, nowMs)
      }),
  })
}

export function createSlotSearches(
  openBook: OpenBook,
): JobDefinition<'contact_slots', typeof slotsTask, typeof contactTaskResult> {
  return defineJob('contact_slots', {
    ...contactTaskPolicy,
    input: slotsTask,
    run: (job) =>
      draftAbout(job, openBook(), async (known, nowMs) => {
        const { minutes, timeZone } = job.input
        job.progress(30, 'Looking into the diary')
        const meetings = await openBook().meetings(job.job.tenantId)
        job.progress(50, 'Comparing the hours of both')
        const slots = findSlots({
          nowMs,
          minutes,
          timeZones: [known.contact.timeZone, timeZone],
          busy: meetings.map((meeting) => slotAt(Date.parse(meeting.at), meeting.minutes ?? 60)),
        })
        if (slots.length === 0) throw noSlot()
        return proposeSlots(known, slots, timeZone)
      }),
  })
}

function noSlot(): JobFailure {
  return new JobFailure(
    'In the next two weeks there is no time that is free and in the day of both. Ask for a shorter slot.',
    { code: 'no_slot', retryable: false },
  )
}
