import type { ContactFacts, Talk } from '../contacts/contact.js'

export interface DemoContact extends ContactFacts {
  /** Of the organisation that it belongs to. */
  readonly slug: string
  readonly talks: readonly DemoTalk[]
}

interface DemoTalk extends Pick<Talk, 'kind' | 'minutes' | 'text'> {
  /** Below zero: in days to come. */
  readonly daysAgo: number
}

/** With whom the demo organisations talk: invented people. */
export const demoContacts: readonly DemoContact[] = [
  {
    slug: 'acme',
    name: 'Marta Oliveira',
    role: 'Courier',
    company: 'Rapida',
    email: 'marta@rapida.example',
    timeZone: 'Europe/Lisbon',
    isArchived: false,
    talks: [
      {
        kind: 'call',
        daysAgo: 4,
        minutes: 25,
        text: 'Marta tried the plan by hand for a week. She asked whether the order of stops can be locked. We will send her a build with locked stops by the end of the month. Parking still costs her more time than driving.',
      },
      {
        kind: 'message',
        daysAgo: 12,
        minutes: null,
        text: 'She sent photographs of her paper plan. The far stops are first, because a delay must not make her late for the school run.',
      },
      {
        kind: 'meeting',
        daysAgo: 31,
        minutes: 60,
        text: 'Rode along for a morning with twelve stops. Marta needs the next stop in large letters. She wants to change the order on the way. Finding a place to park took longer than the driving.',
      },
    ],
  },
  {
    slug: 'acme',
    name: 'Jonas Weber',
    role: 'Head of operations',
    company: 'Nordkurier',
    email: 'jonas.weber@nordkurier.example',
    timeZone: 'Europe/Berlin',
    isArchived: false,
    talks: [
      {
        kind: 'meeting',
        daysAgo: -6,
        minutes: 45,
        text: 'Show the pilot in Hamburg with thirty drivers.',
      },
      {
        kind: 'call',
        daysAgo: 2,
        minutes: 40,
        text: 'The pilot in Hamburg begins with thirty drivers. Jonas asked what happens to the price when the team grows to two hundred. I promised him an answer in writing. His works council must agree before names of drivers are stored.',
      },
      {
        kind: 'meeting',
        daysAgo: 20,
        minutes: 90,
        text: 'First look at the studio with his team. They want the plan on paper as well. Jonas prefers a contract by the month until the pilot is over. The pilot should begin before winter.',
      },
    ],
  },
  {
    slug: 'acme',
    name: 'Aiko Tanaka',
    role: 'Product manager',
    company: 'Michi Maps',
    email: 'aiko@michimaps.example',
    timeZone: 'Asia/Tokyo',
    isArchived: false,
    talks: [
      {
        kind: 'call',
        daysAgo: 9,
        minutes: 30,
        text: 'Their map data comes every quarter, ferries once a year. Can we test the ferries before the release? Aiko will be away in the first week of next month. We will send her the list of islands that are missing.',
      },
      {
        kind: 'message',
        daysAgo: 45,
        minutes: null,
        text: 'Prices go up by four percent in January. The licence allows paper, but no resale.',
      },
    ],
  },
  {
    slug: 'acme',
    name: 'Priya Raman',
    role: 'Founder',
    company: 'Slow Trains',
    email: 'priya@slowtrains.example',
    timeZone: 'Asia/Kolkata',
    isArchived: false,
    talks: [],
  },
  {
    slug: 'acme',
    name: 'Tom Baker',
    role: 'Buyer',
    company: 'Farewell Travel',
    email: 'tom@farewell.example',
    timeZone: 'Europe/London',
    isArchived: true,
    talks: [
      {
        kind: 'call',
        daysAgo: 120,
        minutes: 10,
        text: 'The company closes at the end of the year. Tom asked us to keep his address for later.',
      },
    ],
  },
  {
    slug: 'globex',
    name: 'Hank Scorpio',
    role: 'Supplier of pumps',
    company: 'Cypress Pumps',
    email: 'hank@cypress.example',
    timeZone: 'America/New_York',
    isArchived: false,
    talks: [
      {
        kind: 'call',
        daysAgo: 3,
        minutes: 15,
        text: 'The second pump ships on Thursday. Hank asked for the serial number of the old one. We will send it together with the protocol.',
      },
    ],
  },
]
