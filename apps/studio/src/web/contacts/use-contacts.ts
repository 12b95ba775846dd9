import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Contact, ContactFacts, Draft, DraftStatus, Talk } from '../../contacts/contact.js'
import { askStudio } from '../controls/ask-studio.js'

export interface ListedContact extends Contact {
  readonly openDrafts: number
  readonly lastTalkAt: string | null
}

export interface ContactFile {
  readonly contact: Contact
  readonly talks: readonly Talk[]
  readonly drafts: readonly Draft[]
}

export interface DraftChange {
  readonly subject: string
  readonly body: string
  readonly status: DraftStatus
}

const path = '/api/contacts'
const contactsKey = ['contacts']
export const contactListKey = [...contactsKey, 'list']

/** Of all that is known of one contact. */
export function contactKey(id: string): readonly string[] {
  return [...contactsKey, id]
}

/** The contacts of the organisation, by name; archived ones last. */
export function useContacts() {
  return useQuery({
    queryKey: contactListKey,
    queryFn: () => askStudio<readonly ListedContact[]>(path),
  })
}

export function useContactFile(id: string) {
  return useQuery({
    queryKey: contactKey(id),
    queryFn: () => askStudio<ContactFile>(`${path}/${id}`),
  })
}

/** Make a contact under an id of this page's own, or change the one that has it: asked twice, it is there once. */
export function usePutContact(id: string) {
  return useContactChange((facts: ContactFacts) => askStudio(`${path}/${id}`, 'PUT', facts))
}

export function useRemoveContact(id: string) {
  // What is known of it is still shown for a moment, and must not be asked for anew.
  return useContactChange(() => askStudio(`${path}/${id}`, 'DELETE'), contactListKey)
}

export function useAddTalk(id: string) {
  return useContactChange((talk: Talk) => askStudio(`${path}/${id}/talks`, 'POST', talk))
}

export function useChangeDraft(contactId: string, id: string) {
  return useContactChange((change: DraftChange) =>
    askStudio(`${path}/${contactId}/drafts/${id}`, 'PUT', change),
  )
}

function useContactChange<Change>(
  mutationFn: (change: Change) => Promise<unknown>,
  queryKey: readonly string[] = contactsKey,
) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn,
    onSuccess: () => cache.invalidateQueries({ queryKey }),
  })
}
