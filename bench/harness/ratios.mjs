import { median } from './quantiles.mjs'

/** What a work is judged by: jobs a second where more is better, else milliseconds or a cost. */
export function valueOf(result) {
  return result.perSecond ?? result.p50Ms ?? result.cost
}

const isMoreBetter = (result) => result.perSecond !== undefined

/** Who is compared with all others: Longhaul, or in the suite of growth each state with the empty database. */
export const ownOf = (results) => {
  const names = new Set(results.map(({ system }) => system))
  return names.has('longhaul') ? 'longhaul' : 'empty'
}

/**
 * How many times as good as another system Longhaul is: rounds are compared in pairs, because two
 * measurements of one round met the same minute. Above 1: Longhaul is faster, or takes less.
 */
export function pairedRatios(results, work, against, own = ownOf(results)) {
  const of = (system) =>
    results.filter((result) => result.work === work && result.system === system)
  const pairs = of(own).flatMap((one) => {
    const other = of(against).find(({ round }) => round === one.round)
    if (other === undefined) return []
    const ratio = valueOf(one) / valueOf(other)
    return [isMoreBetter(one) ? ratio : 1 / ratio]
  })
  if (pairs.length === 0) return undefined
  return {
    work,
    against,
    rounds: pairs.length,
    median: median(pairs),
    lowest: Math.min(...pairs),
    highest: Math.max(...pairs),
  }
}

/** Of every work with every system that did it too. */
export function allRatios(results) {
  const works = [...new Set(results.map(({ work }) => work))]
  const others = [...new Set(results.map(({ system }) => system))].filter(
    (system) => system !== ownOf(results),
  )
  return works.flatMap((work) =>
    others.map((against) => pairedRatios(results, work, against)).filter(Boolean),
  )
}
