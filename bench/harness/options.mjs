import { parseArgs } from 'node:util'
import { systems } from '../systems/index.mjs'
import { suites } from '../works/index.mjs'

const usage = `npm run bench -- [${Object.keys(suites).join('|')}|all …] [options]

  --rounds <n>        how often each system does each work, in turn (3)
  --peers <a,b|none>  beside Longhaul and the limit (${peersOf().join(',')})
  --works <a;b>       only works whose names begin so
  --durable           every commit waits for the disk
  --defaults          all as they come, without their published best settings
  --seconds <n>       the most that one measurement takes (8)
  --size <x>          a part of the work, to try it out (1)
  --quick             the most important works only
  --short             what CI runs: few works, and the ratios held to those recorded
  --record            write the results, and the tables of docs/performance.md
`

function peersOf() {
  return Object.keys(systems).filter((name) => systems[name].isPeer)
}

/** @throws an Error with the usage when an option is unknown or wrong */
export function parseOptions(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      peers: { type: 'string', default: peersOf().join(',') },
      works: { type: 'string' },
      durable: { type: 'boolean', default: false },
      defaults: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '8' },
      size: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) throw new Error(usage)
  const { short, quick, durable, defaults, record } = values
  const peers = values.peers === 'none' ? [] : values.peers.split(',')
  const unknown = [
    ...peers.filter((name) => systems[name] === undefined),
    ...positionals.filter((name) => name !== 'all' && suites[name] === undefined),
  ]
  if (unknown.length > 0) throw new Error(`Not known: ${unknown.join(', ')}.\n\n${usage}`)
  const everything = positionals.includes('all')
  return {
    suites: everything ? Object.keys(suites) : positionals.length > 0 ? positionals : ['engine'],
    rounds: positive('rounds', values.rounds),
    seconds: short || quick ? 4 : positive('seconds', values.seconds),
    size: positive('size', values.size),
    systems: chosenSystems(short ? ['pg-boss', 'graphile-worker'] : peers),
    works: values.works?.split(';'),
    onlyHeadlines: short || quick,
    short,
    durable,
    defaults,
    record,
  }
}

function chosenSystems(peers) {
  return Object.keys(systems).filter((name) => !systems[name].isPeer || peers.includes(name))
}

function positive(name, text) {
  const number = Number(text)
  if (number > 0) return number
  throw new Error(`--${name} must be a number above 0, but was "${text}".\n\n${usage}`)
}
