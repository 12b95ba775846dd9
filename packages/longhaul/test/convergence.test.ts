import { randomInt } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyAction } from './convergence/actions.js'
import { agree } from './convergence/agree.js'
import { createWorld, type World } from './convergence/world.js'

/** `LONGHAUL_SEED` replays a run, and has the time to make it small; `LONGHAUL_CHAOS` is the long one. */
const replayed = process.env['LONGHAUL_SEED']
const seed = Number(replayed ?? randomInt(2 ** 31))
const isLong = process.env['LONGHAUL_CHAOS'] !== undefined
const forMs = isLong || replayed !== undefined ? 600_000 : 20_000

it(
  'G-11, G-15, G-51: every tab shows what SELECT says, whatever was lost, cut, restarted, held back or deleted before',
  { timeout: forMs + 120_000 },
  async () => {
    const world = await createWorld()
    const until = performance.now() + forMs
    let runs = 0
    const property = fc.asyncProperty(
      fc.array(anyAction, { minLength: 10, maxLength: 80, size: 'max' }),
      async (actions) => {
        // A run that has begun is never broken off: what is stuck would pass.
        if (performance.now() > until) return
        runs += 1
        try {
          world.open('shared')
          for (const looked of world.firstLooks()) world.tab(0).toggle(looked)
          for (const { happen } of actions) await happen(world)
          await calm(world)
          await agree(world)
        } finally {
          await world.clear()
        }
      },
    )
    const details = await fc.check(property, {
      seed,
      numRuns: isLong ? 2000 : 15,
      // What fails takes its whole patience to do so.
      endOnFailure: replayed === undefined,
    })
    const report = await fc.asyncDefaultReportMessage(details)
    const { errorInstance: error } = details
    expect(
      !details.failed || details.counterexample === null,
      `${report}\n${error instanceof Error ? error.stack : String(error)}\n\nTo replay: LONGHAUL_SEED=${seed} npx vitest run packages/longhaul/test/convergence.test.ts`,
    ).toBe(true)
    expect(runs).toBeGreaterThan(1)
  },
)

/** The network is good again. Hints may go on getting lost, and nobody is woken up. */
async function calm({ servers, tabs }: World): Promise<void> {
  await servers.startAll()
  for (const { wire } of tabs) {
    wire.allow('everything')
    wire.hold(false)
    wire.loseAnswers(0)
  }
}
