import { median } from './quantiles.mjs'
import { ownOf, pairedRatios } from './ratios.mjs'

/** The figures, the ratios and the costs of a suite as Markdown. */
export function tablesOf(results) {
  const works = [...new Set(results.map(({ work }) => work))]
  const names = [...new Set(results.map(({ system }) => system))]
  const of = (work, system) =>
    results.filter((result) => result.work === work && result.system === system)
  const own = ownOf(results)
  const others = names.filter((system) => system !== own)
  const tables = [
    table(
      ['work', ...names],
      works.map((work) => [work, ...names.map((system) => figure(of(work, system)))]),
    ),
  ]
  if (others.length > 0) {
    const rows = works.map((work) => [
      work,
      ...others.map((against) => ratio(pairedRatios(results, work, against))),
    ])
    tables.push(
      own === 'longhaul'
        ? 'Longhaul against each, by paired rounds: the median and the spread; above 1 Longhaul is better.'
        : 'The empty database against each, by paired rounds: the median and the spread; above 1 it is better.',
    )
    tables.push(table(['work', ...others], rows.filter(hasFigures)))
  }
  const costs = works.map((work) => [work, ...names.map((system) => cost(of(work, system)))])
  if (costs.some(hasFigures)) {
    tables.push(
      'What a job costs: CPU of the processes + of the database, in µs; bytes of WAL; statements.',
    )
    tables.push(table(['work', ...names], costs.filter(hasFigures)))
  }
  return tables.join('\n\n')
}

const hasFigures = ([, ...cells]) => cells.some((cell) => cell !== '–')

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function figure(results) {
  if (results.length === 0) return '–'
  const of = (name) => middle(results, name)
  const [first] = results
  const ms = first.p50Ms === undefined ? [] : [`${short(of('p50Ms'))} / ${short(of('p99Ms'))} ms`]
  if (first.perSecond !== undefined) return [`${short(of('perSecond'))}/s`, ...ms].join(', ')
  if (first.cost !== undefined) return `${short(of('cost'))} ${first.unit}`
  if (first.core !== undefined) ms.push(`${short(100 * of('core'))} % of a core`)
  if (first.allMs !== undefined) ms.push(`all after ${short(of('allMs'))} ms`)
  if (first.missed !== undefined) ms.push(`${of('missed')} missed`)
  if (first.succeeded !== undefined)
    return `${short(of('succeeded'))} of ${short(of('n'))}, ${ms.join()}, slowest ${short(of('slowestMs'))} ms`
  if (first.lost !== undefined)
    ms.push(`${of('lost') + of('missing')} lost, ${of('repeated')} twice`)
  return ms.join(', ')
}

function ratio(found) {
  if (found === undefined) return '–'
  const { median: middleRatio, lowest, highest } = found
  return `${middleRatio.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`
}

function cost(results) {
  if (results.length === 0 || results[0].statementsPerJob === undefined) return '–'
  const per = (name) =>
    median(results.map((result) => (1e6 * (result[name] ?? 0)) / result.n)).toFixed(0)
  const wal = middle(results, 'walBytesPerJob')
  const cells = [
    `${per('cpuSeconds')} + ${per('serverCpuSeconds')} µs`,
    ...(wal === undefined ? [] : [`${short(wal)} B`]),
    short(middle(results, 'statementsPerJob') ?? 0),
  ]
  return cells.join(' · ')
}

function middle(results, name) {
  const known = results.map((result) => result[name]).filter((value) => value !== undefined)
  return known.length === 0 ? undefined : median(known)
}

/** Three figures, and no more where there are thousands. */
function short(number) {
  if (number >= 100) return Math.round(number).toLocaleString('en')
  return String(Number(number.toPrecision(number >= 10 ? 3 : 2)))
}
