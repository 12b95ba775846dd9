import { describe, expect, it } from 'vitest'
import { testDatabase } from './database.js'
import { type Choose, chooseBy, exploreAll } from './interleave/explore.js'
import { openLab } from './interleave/lab.js'
import { asIs, mistaken, mutants, rewriteBy } from './interleave/mutants.js'
import type { Operation } from './interleave/operations.js'
import { batches } from './interleave/batch.js'
import { families } from './interleave/family.js'
import { quarantines } from './interleave/quarantine.js'
import { type Scenario, scenarios as ofOneJob } from './interleave/scenarios.js'
import { isLong, replay, seed } from './seed.js'

/** The short run takes some groups and some of their orders, by the seed; the long one takes all. */
const scenarios = [...ofOneJob, ...families, ...batches, ...quarantines]
const groupsOfScenario = 5
const ordersOfGroup = 2

function groupsOf({ operations, triples = [] }: Scenario): (readonly Operation[])[] {
  const pairs = operations.flatMap((first, n) =>
    operations.slice(n + 1).map((second) => [first, second]),
  )
  return [...pairs, ...triples]
}

function someOf<T>(all: readonly T[], choose: Choose): T[] {
  const left = [...all]
  return Array.from(
    { length: Math.min(groupsOfScenario, left.length) },
    () => left.splice(choose(left.length), 1)[0]!,
  )
}

function named<T extends { readonly name: string }>(all: readonly T[]): [string, T][] {
  return all.map((each) => [each.name, each])
}

const namesOf = (operations: readonly Operation[]): string =>
  operations.map(({ name }) => name).join(' | ')

describe('operations at the same time', { timeout: isLong ? 3_600_000 : 120_000 }, () => {
  it.each(named(scenarios))(
    'G-04, G-08, G-09, G-16, G-29, G-30, G-31, G-35, G-39: come to what some order of them would have come to, on %s',
    async (_name, scenario) => {
      const lab = await openLab(await testDatabase())
      const choose = chooseBy(seed)
      const all = groupsOf(scenario)
      for (const operations of isLong ? all : someOf(all, choose)) {
        const allowed = await lab.serially(scenario, operations)
        async function check(how: Choose): Promise<void> {
          const came = await lab.together(scenario, operations, { rewrite: asIs, choose: how })
          const title = `${namesOf(operations)}; ${replay}; came to ${came} and not to ${[...allowed].join(' or ')}`
          expect(allowed.has(came), title).toBe(true)
        }
        if (isLong) await exploreAll(check)
        else for (let n = 0; n < ordersOfGroup; n += 1) await check(choose)
      }
    },
  )
})

describe('a mistake in a statement', { timeout: 120_000 }, () => {
  it.each(named(mutants))('is found: %s', async (_name, mutant) => {
    const scenario = scenarios.find(({ name }) => name === mutant.scenario)!
    const operations = mutant.between.map((name) =>
      scenario.operations.find((operation) => operation.name === name)!,
    )
    const lab = await openLab(await testDatabase())
    const { rewrite, wasMade } = rewriteBy(mutant)
    const allowed = await lab.serially(scenario, operations)
    const wrong = operations.map((operation) => mistaken(mutant, operation))
    const others: string[] = []
    await exploreAll(async (choose) => {
      const came = await lab.together(scenario, wrong, { rewrite, choose })
      if (!allowed.has(came)) others.push(came)
    })
    expect(wasMade()).toBe(true)
    expect(others).not.toEqual([])
    // A statement that Postgres cannot even read would be found by anything.
    expect(others.filter((came) => came.includes('"failed":"42'))).toEqual([])
  })
})
