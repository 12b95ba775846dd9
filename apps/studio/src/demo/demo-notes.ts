export interface DemoNote {
  /** Of the organisation that it belongs to. */
  readonly slug: string
  readonly author: string
  readonly title: string
  readonly body: string
}

/** What the people of the demo organisations have written down: invented, like their companies. */
export const demoNotes: readonly DemoNote[] = [
  {
    slug: 'acme',
    author: 'Ada',
    title: 'Offsite in Lisbon: what we learned',
    body: 'The offsite in Lisbon took four days, and three would have done. The train to Sintra is full before ten in the morning; those who left at eight had seats. Everyone liked the walk along the river more than the planned workshop. Next time the budget should hold 60 euros a day for each person for meals, because we had planned 40 and went over it. The hotel near Cais do Sodré was loud at night.',
  },
  {
    slug: 'acme',
    author: 'Ada',
    title: 'Interview: a courier who plans routes by hand',
    body: 'Marta plans twelve stops a day on paper. She does the far stops first, so that a delay does not make her late for the school run. What costs her most time is not the driving, it is finding a place to park. An app that changes her order without asking is one that she stops using. She would pay for a plan that she can still change by hand on the way.',
  },
  {
    slug: 'acme',
    author: 'Ada',
    title: 'Pricing: what customers said in October',
    body: 'Eleven of fourteen customers called the price fair. The other three wanted to pay by trip and not by month, because they travel twice a year. Nobody asked for a discount. Two asked whether the price holds when the team grows, and our page does not say so.\nWe should say on the pricing page what happens when a team grows.',
  },
  {
    slug: 'acme',
    author: 'Ada',
    title: 'Battery life of the field tablets',
    body: 'After the update in September the battery of the field tablets lasted six hours instead of nine. Turning down the screen brought one hour back. The map redraws once a second even when nobody moves: that is the cause, and a fix is in review. Until then drivers carry a power bank.',
  },
  {
    slug: 'acme',
    author: 'Ada',
    title: 'Supplier call: map data',
    body: 'The supplier of the map data brings it up to date every quarter, and ferries once a year. Prices go up by four percent in January. We may show the map on paper, but not sell it on. Their support answers within a day.',
  },
  {
    slug: 'initech',
    author: 'Ada',
    title: 'Moving the reports to the new server',
    body: 'The reports move to the new server in the second week of January. The old one stays for a month, read only. Payroll must be done before the move begins. Whoever has a report of their own tells Ada by the tenth of December.',
  },
  {
    slug: 'globex',
    author: 'Grace',
    title: 'Reactor test: protocol of the second run',
    body: 'The second run held its temperature for forty minutes, ten more than the first. The pump on the left was replaced before it. Sensor four reads two degrees too high and has to be calibrated. The third run is planned for Thursday, with the door of the hall closed.',
  },
  {
    slug: 'globex',
    author: 'Grace',
    title: 'Who may enter the hall',
    body: 'Visitors enter the hall only with somebody who works there. Badges are given out at the desk until five in the afternoon. Photographs are allowed at the entrance and nowhere else.',
  },
]
