import fc from 'fast-check'
import { expect, it } from 'vitest'
import { agree } from './model/agree.js'
import { commands } from './model/commands.js'
import { createModel, work, workEnds } from './model/model.js'
import { createWorld } from './model/world.js'
import { isLong, isReplay, replay, seed } from './seed.js'

/** A replay has the time to make the run small. */
const forMs = isLong || isReplay ? 600_000 : 20_000

it(
  'G-27, G-04, G-05, G-08, G-16: keeps to the status table, whatever happens in whatever order',
  { timeout: forMs + 60_000 },
  async () => {
    const world = await createWorld()
    let runs = 0
    const property = fc.asyncProperty(
      fc.commands(commands, { maxCommands: 100, size: 'max' }),
      async (chosen) => {
        runs += 1
        const model = createModel(runs)
        await fc.asyncModelRun(() => ({ model, real: world }), chosen)
        // Nothing that is still on its way changes what was agreed on.
        await world.wakeZombies()
        await world.stopWorker()
        if (model.working) workEnds(model, 'stops')
        await agree(model, world)
        await world.startWorker()
        model.working = true
        work(model)
        await agree(model, world)
        await world.stopWorker()
        await world.engine.db.query(`
          delete from longhaul.ready_jobs;
          delete from longhaul.jobs`)
        await world.startWorker()
      },
    )
    const details = await fc.check(property, {
      seed,
      numRuns: isLong ? 5000 : 30,
      interruptAfterTimeLimit: forMs,
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
