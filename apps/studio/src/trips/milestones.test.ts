import { describe, expect, it } from 'vitest'
import { at, shareOfDay, stateOfDay } from './milestones.js'

const statesAt = (progress: number): string[] =>
  [1, 2, 3, 4].map((day) => stateOfDay(progress, day, 4))

describe('the days of a trip under way', () => {
  it('are found one after the other, and then written about', () => {
    expect(statesAt(0)).toEqual(['to_come', 'to_come', 'to_come', 'to_come'])
    expect(statesAt(at.order)).toEqual(['searching', 'to_come', 'to_come', 'to_come'])
    expect(statesAt(46)).toEqual(['found', 'found', 'searching', 'to_come'])
    expect(statesAt(at.write)).toEqual(['found', 'found', 'found', 'found'])
    expect(statesAt(88)).toEqual(['written', 'written', 'found', 'found'])
    expect(statesAt(100)).toEqual(['written', 'written', 'written', 'written'])
  })

  it('each fill from nothing to the whole while their route is searched', () => {
    expect([14, 22, 30, 38].map((progress) => shareOfDay(progress, 1, 4))).toEqual([0, 0.5, 1, 1])
    expect([14, 22, 30, 38].map((progress) => shareOfDay(progress, 2, 4))).toEqual([0, 0, 0, 0.5])
  })
})
