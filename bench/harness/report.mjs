import { systems } from '../systems/index.mjs'
import { suites } from '../works/index.mjs'
import { writeSection } from './documents.mjs'
import { addResults } from './records.mjs'
import { tablesOf } from './tables.mjs'

/** Keeps the results of a suite, and writes its tables into docs/performance.md. */
export function recordSuite(suite, { durable, defaults }, results) {
  const section = [suite, ...(defaults ? ['defaults'] : []), ...(durable ? ['durable'] : [])].join(
    '-',
  )
  const all = addResults(section, results, suites[suite])
  writeSection(section, `${captionOf(all)}\n\n${tablesOf(all)}`)
  if (section === 'engine') writeSection('systems', systemsOf(all))
}

/** Where the figures are from: more than one line when parts were measured at different times. */
function captionOf(results) {
  const captions = results.map(({ durable, machine }) => {
    const { cores, processor, node, postgres, redis, commit, date } = machine
    const servers = [`Postgres ${postgres}`, ...(redis === undefined ? [] : [`Redis ${redis}`])]
    const commits = durable ? 'every commit on disk' : '`synchronous_commit = off`'
    return `${cores} cores (${processor}), Node ${node}, ${servers.join(', ')}, ${commits}, ${date}, commit ${commit}.`
  })
  const rounds = Math.max(...results.map(({ round }) => round))
  return `Medians of ${rounds} rounds. ${[...new Set(captions)].join(' ')}`
}

/** Who took part, in which version, with which settings, and what cannot be compared. */
function systemsOf(results) {
  const versions = new Map(results.map(({ system, version }) => [system, version]))
  return Object.entries(systems)
    .filter(([name]) => versions.has(name))
    .map(([name, { title, best, note }]) => {
      const remark = note === undefined ? '' : `; ${note}`
      return `- **${title}** ${versions.get(name)}: \`${JSON.stringify(best)}\`${remark}.`
    })
    .join('\n')
}
