import type { KnownContact, WrittenText } from '../contact-book.js'
import { firstNameOf } from '../talks/talk-words.js'
import type { Slot } from './find-slots.js'
import { placeOf, spanInWords, timeInWords } from './local-time.js'

/** An invitation to choose one of the slots, in the times of both. */
export function proposeSlots(
  { contact }: KnownContact,
  slots: readonly Slot[],
  ownTimeZone: string,
): WrittenText {
  const lines = slots.map(({ fromMs, untilMs }) => {
    const theirs = spanInWords(fromMs, untilMs, contact.timeZone)
    const ours = `${timeInWords(fromMs, ownTimeZone)} in ${placeOf(ownTimeZone)}`
    return ownTimeZone === contact.timeZone ? `– ${theirs}` : `– ${theirs} (${ours})`
  })
  return {
    subject: `When shall we talk?`,
    body: [
      `Hello ${firstNameOf(contact)},`,
      'Would one of these suit you?',
      lines.join('\n'),
      'If none does, name one that does.',
      'Best regards',
    ].join('\n\n'),
  }
}
