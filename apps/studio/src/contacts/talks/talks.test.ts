import { describe, expect, it } from 'vitest'
import type { KnownContact } from '../contact-book.js'
import type { Contact, Talk } from '../contact.js'
import { composeFollowUp, openPoints } from './compose-follow-up.js'
import { chooseSentences, summariseTalks } from './summarise-talks.js'

const now = Date.parse('2026-11-20T12:00:00Z')
const contact: Contact = {
  id: 'c1',
  name: 'Marta Oliveira',
  role: 'Courier',
  company: 'Rapida',
  email: '',
  timeZone: 'Europe/Lisbon',
  isArchived: false,
}

function talk(day: string, text: string, kind: Talk['kind'] = 'call'): Talk {
  return { id: day, kind, at: `${day}T10:00:00.000Z`, minutes: null, text }
}

function known(...talks: readonly Talk[]): KnownContact {
  return { contact, talks }
}

describe('a follow-up', () => {
  it('puts what was promised before what was asked, and that before wishes', () => {
    const { subject, body } = composeFollowUp(
      known(
        talk('2026-11-18', 'It rained. She wants large letters. We will send the price list.'),
        talk('2026-11-10', 'Can the order be locked?', 'meeting'),
      ),
      now,
    )
    expect(subject).toBe('After our call on 18 November 2026')
    expect(body).toMatch(/^Hello Marta,\n\nThank you for the call on 18 November 2026\./)
    const places = ['send the price list', 'Can the order', 'large letters'].map((said) =>
      body.indexOf(said),
    )
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(body).not.toContain('rained')
    expect(body).toContain('Would a short call')
  })

  it('says how long it was quiet, looks forward to a meeting, and makes up no open points', () => {
    const { body } = composeFollowUp(
      known(talk('2026-11-25', '', 'meeting'), talk('2026-10-02', 'It rained.', 'meeting')),
      now,
    )
    expect(body).toContain('It is 7 weeks since our meeting on 2 October 2026')
    expect(body).toContain('I have noted nothing that is still open.')
    expect(body).toContain('I look forward to our meeting on 25 November 2026.')
  })

  it('leaves out what is too long ago, but a promise later than a wish', () => {
    const old = 'She wants a map. We will send one.'
    const said = (day: string) => openPoints([talk(day, old)], now).map(({ text }) => text)
    expect(said('2026-11-01')).toEqual(['We will send one.', 'She wants a map.'])
    expect(said('2026-08-20')).toEqual(['We will send one.'])
    expect(said('2025-11-20')).toEqual([])
  })
})

describe('a summary', () => {
  it('chooses what most was said about, says nothing twice, and keeps the order in which it was said', () => {
    const talks = [
      talk('2026-11-18', 'Hello there. Parking costs more time than driving. The price is fair.'),
      talk(
        '2026-11-10',
        'Parking costs her more time than driving. The parking pilot begins soon.',
      ),
    ]
    const texts = chooseSentences(talks, now).map(({ text }) => text)
    expect(texts.filter((text) => text.startsWith('Parking costs'))).toHaveLength(1)
    expect(texts.indexOf('The parking pilot begins soon.')).toBeLessThan(
      texts.indexOf('The price is fair.'),
    )
  })

  it('counts the talks that have been', () => {
    const { subject, body } = summariseTalks(
      known(
        talk('2026-11-25', 'To come.', 'meeting'),
        talk('2026-11-18', 'The price is fair.'),
        talk('2026-11-10', 'The map is large.'),
      ),
      now,
    )
    expect(subject).toBe('Talks with Marta Oliveira')
    expect(body).toBe(
      '2 calls, from 10 November 2026 to 18 November 2026.\n\n10 November 2026: The map is large.\n18 November 2026: The price is fair.',
    )
  })
})
