import { expect, it } from 'vitest'
import { type OpenTask, prioritise } from './prioritise.js'

const task = (title: string, dueOn: string | null, minutes: number | null = null): OpenTask => ({
  id: title,
  title,
  dueOn,
  minutes,
})

it('puts the late before the soon, the quick before the far, and says why', () => {
  const tasks = [
    task('tidy up', null),
    task('call the bank', null, 10),
    task('report', '2026-12-24'),
    task('urgent: the pump', null),
    task('tax', '2026-11-20'),
    task('slides', '2026-11-24', 90),
    task('today', '2026-11-22'),
  ]
  expect(prioritise(tasks, '2026-11-22')).toEqual([
    { id: 'tax', reason: '2 days late' },
    { id: 'today', reason: 'Due today' },
    { id: 'slides', reason: 'Due in 2 days' },
    { id: 'urgent: the pump', reason: 'You call it “urgent”' },
    { id: 'call the bank', reason: 'Done in 10 min, and off the list' },
    { id: 'report', reason: 'Due in 32 days' },
    { id: 'tidy up', reason: 'Has no date' },
  ])
})
