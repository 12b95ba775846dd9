import fc from 'fast-check'
import { expect, it } from 'vitest'
import { agree } from './model/agree.js'
import { commands } from './model/commands.js'
import { createModel } from './model/model.js'
import { work, workEnds } from './model/work.js'
import { createWorld } from './model/world.js'
import { isLong, isReplay, replay, seed } from './seed.js'

/** A replay has the time to make the run small. */
const forMs = isLong || isReplay ? 600_000 : 20_000

it(
  'G-27, G-04, G-05, G-06, G-08, G-16, G-29, G-30, G-31, G-35, G-39: keeps to the status table, whatever happens in whatever order',
  { timeout: forMs + 150_000 },
  async () => {
    const world = await createWorld()
    const until = performance.now() + forMs
    let runs = 0
    const property = fc.asyncProperty(
      fc.commands(commands, { maxCommands: 100, size: 'max' }),
      async (chosen) => {
        // A run that has begun is never broken off: what is stuck would pass.
        if (performance.now() > until) return
        runs += 1
        const model = createModel(runs)
        try {
          await fc.asyncModelRun(() => ({ model, real: world }), chosen)
          // Nothing that is still on its way changes what was agreed on.
          await world.wakeZombies()
          await world.stopWorker()
          if (model.working) workEnds(model, 'stops')
          work(model)
          await agree(model, world)
          await world.startWorker()
          model.working = true
          work(model)
          await agree(model, world)
        } finally {
          await world.reset()
        }
      },
    )
    const details = await fc.check(property, {
      seed,
      numRuns: isLong ? 5000 : 30,
      // What fails takes its whole patience to do so.
      endOnFailure: !isReplay,
    })
    const report = await fc.asyncDefaultReportMessage(details)
    expect(
      !details.failed || details.counterexample === null,
      `${report}\n${describeError(details.errorInstance)}\n\nTo replay: ${replay} npx vitest run packages/longhaul/test/model.test.ts`,
    ).toBe(true)
    expect(runs).toBeGreaterThan(1)
  },
)

/** The report leaves it out. */
function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
