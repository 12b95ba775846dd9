import { describe, expect, it } from 'vitest'
import { deadlineOf } from './deadline-of.js'
import { intentOf } from './intent-of.js'
import { composeGoal } from './smart-goal.js'

const today = '2026-11-22'

describe('a wish', () => {
  it('becomes a goal with an amount for each week, a date and a reason', () => {
    expect(composeGoal('I want to read 20 books by June because I miss the quiet.', today)).toEqual(
      {
        title: 'Read 20 books',
        specific: 'Read 20 books. It is reached when somebody else could see that it is.',
        measurable: '20 books, counted once a week. Half-way is 10 books.',
        achievable:
          'About 0.6 books for each of 31 weeks. If that is too much, move the date and not the goal.',
        relevant: 'I miss the quiet.',
        timeBound: 'By 30 June 2027, with a look back on 12 March 2027.',
        dueOn: '2027-06-30',
      },
    )
  })

  it('that says nothing more is asked for a reason, and gets a date that is called a proposal', () => {
    const goal = composeGoal('learn Spanish', today)
    expect(goal.title).toBe('Learn Spanish')
    expect(goal.relevant).toContain('You have not said why')
    expect(goal.timeBound).toContain('You named no date')
    expect(goal.dueOn).toBe('2027-02-14')
  })

  it.each([
    ['run by 2027-03-01', '2027-03-01'],
    ['run by the end of May', '2027-05-31'],
    ['run until December', '2026-12-31'],
    ['run before February 2028', '2028-02-29'],
    ['run in 6 weeks', '2027-01-03'],
    ['run within a month', '2026-12-22'],
    ['run this year', '2026-12-31'],
    // A day that has passed is none.
    ['run by 2020-01-01', '2027-02-14'],
    ['run by 2027-99-99', '2027-02-14'],
  ])('says when: %s', (wish, day) => {
    expect(deadlineOf(wish, today).day).toBe(day)
  })

  it('is told from a wish for an order', () => {
    for (const input of [
      'Put my tasks in order',
      'prioritise my week',
      'What should I do first?',
    ]) {
      expect(intentOf(input), input).toBe('prioritization')
    }
    for (const input of ['Run a marathon', 'learn to order food in Spanish']) {
      expect(intentOf(input), input).toBe('smart_goal')
    }
  })
})
