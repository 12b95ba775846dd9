/** Somebody outside the organisation with whom its people talk. */
export interface Contact {
  /** Made by the browser. */
  readonly id: string
  readonly name: string
  readonly role: string
  readonly company: string
  readonly email: string
  /** `Europe/Lisbon` */
  readonly timeZone: string
  /** Nothing is done for them any more. */
  readonly isArchived: boolean
}

export type ContactFacts = Omit<Contact, 'id'>

/** What was said, or when it is to be: a meeting to come is in the diary of the whole organisation. */
export interface Talk {
  readonly id: string
  readonly kind: 'call' | 'meeting' | 'message'
  readonly at: string
  readonly minutes: number | null
  readonly text: string
}

export type DraftStatus = 'open' | 'accepted' | 'dismissed'

/** What an agent has written. One for each job, and called by its id. */
export interface Draft {
  readonly id: string
  readonly agentId: string
  readonly subject: string
  readonly body: string
  readonly status: DraftStatus
  readonly updatedAt: string
}
