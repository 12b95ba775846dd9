import type { View } from './projection.js'

/** The pictures of a plan. The land that the plan carries must fill each of them. */
export const views = {
  overview: { width: 860, height: 360, margin: 40, minKm: 40 },
  overviewOnPhone: { width: 390, height: 330, margin: 32, minKm: 40 },
  day: { width: 360, height: 300, margin: 34, minKm: 12 },
} as const satisfies Readonly<Record<string, View>>
