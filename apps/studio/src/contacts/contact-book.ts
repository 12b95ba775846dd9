import type { AgentId } from './agents.js'
import type { Contact, Talk } from './contact.js'

export interface KnownContact {
  readonly contact: Contact
  /** Newest first. */
  readonly talks: readonly Talk[]
}

export interface WrittenText {
  readonly subject: string
  readonly body: string
}

export interface DraftOf extends WrittenText {
  readonly contactId: string
  readonly jobId: string
  readonly agentId: AgentId
}

/** What agents read and keep. Each call names the organisation whose contacts they are. */
export interface ContactBook {
  read(tenantId: string, contactId: string): Promise<KnownContact | undefined>
  /** The organisation's meetings from now on. */
  meetings(tenantId: string): Promise<readonly Talk[]>
  /** One draft for each job, however often it runs. @returns false when the contact is gone */
  keepDraft(tenantId: string, draft: DraftOf): Promise<boolean>
}
