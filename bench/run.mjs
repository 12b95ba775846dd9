// Longhaul beside its peers and beside the limit, on the same work. `npm run bench -- --help` says how.
// Prints a line of JSON for each measurement, then the tables.
import { fallenRatios } from './harness/gate.mjs'
import { parseOptions } from './harness/options.mjs'
import { startPostgres } from './harness/postgres.mjs'
import { allRatios } from './harness/ratios.mjs'
import { readRatios, writeRatios } from './harness/records.mjs'
import { startRedis } from './harness/redis.mjs'
import { recordSuite } from './harness/report.mjs'
import { runRounds } from './harness/run-rounds.mjs'
import { tablesOf } from './harness/tables.mjs'
import { describeMachine } from './harness/versions.mjs'

const options = readOptions()
const servers = { postgres: await startPostgres(), redis: await startRedis(options) }
const machine = describeMachine(servers)
for (const suite of options.suites) {
  const results = []
  await runRounds({
    suite,
    options,
    servers,
    onResult(result) {
      results.push({ ...result, machine })
      console.log(JSON.stringify(results.at(-1)))
    },
  })
  console.log(`\n${tablesOf(results)}\n`)
  if (options.short) hold(allRatios(results))
  else if (options.record && results.length > 0) recordSuite(suite, options, results)
}
await servers.redis?.stop()
await servers.postgres.stop()

function readOptions() {
  try {
    return parseOptions(process.argv.slice(2))
  } catch (error) {
    console.error(error.message)
    return process.exit(2)
  }
}

/** Fails the run when a ratio has fallen; with `--record` these are the ratios from now on. */
function hold(ratios) {
  if (options.record) return writeRatios(ratios)
  const recorded = readRatios()
  if (recorded.length === 0) console.error('Nothing is recorded yet to hold the ratios to.')
  const fallen = fallenRatios(ratios, recorded)
  for (const line of fallen) console.error(`Fallen below what was recorded: ${line}`)
  if (fallen.length > 0) process.exitCode = 1
}
