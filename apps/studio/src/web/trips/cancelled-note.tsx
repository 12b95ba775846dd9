import { type ReactElement, useEffect, useState } from 'react'
import type { Cancellation } from 'longhaul'
import { useLonghaulClient } from 'longhaul/react'
import type { TripJob } from './trip.js'
import { momentInWords } from './trip-words.js'

/** Who cancelled the trip, when and why: each request to cancel is kept. */
export function CancelledNote({ trip }: { trip: TripJob }): ReactElement {
  const client = useLonghaulClient()
  const [cancellation, setCancellation] = useState<Cancellation>()
  const { id, ownerId } = trip

  useEffect(() => {
    let isCurrent = true
    const look = async (): Promise<void> => {
      const { cancellations } = await client.jobs.get(id, { include: ['cancellations'] })
      if (isCurrent) setCancellation(cancellations?.at(-1))
    }
    // When that fails, the note is left out: the status above says what counts.
    look().catch(() => undefined)
    return () => {
      isCurrent = false
    }
  }, [client, id])

  return (
    <p className="muted cancelled-note">
      {cancellation !== undefined && sentenceOf(cancellation, ownerId)} A retry goes on where it
      stopped.
    </p>
  )
}

function sentenceOf({ requestedBy, requestedAt, reason }: Cancellation, ownerId: string): string {
  const who = requestedBy === ownerId ? 'its owner' : 'an administrator'
  const why = reason === null ? '' : ` (${reason})`
  return `Cancelled by ${who} on ${momentInWords(requestedAt)}${why}.`
}
