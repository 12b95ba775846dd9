import { dayInWords } from '../../goals/calendar.js'
import type { Contact, Talk } from '../contact.js'

/** `call on 12 November 2026` */
export function talkInWords({ kind, at }: Pick<Talk, 'kind' | 'at'>): string {
  return `${kind} on ${dayInWords(at.slice(0, 10))}`
}

export function firstNameOf({ name }: Pick<Contact, 'name'>): string {
  return name.split(/\s+/)[0]!
}
