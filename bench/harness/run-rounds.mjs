// Every system on every work, in turn (A B C A B C …), so that a busy minute hits all of them; each time
// in a process of its own on an empty database.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { canDo, systems } from '../systems/index.mjs'
import { suites } from '../works/index.mjs'
import { node } from './node.mjs'
import { versionOf } from './versions.mjs'

const bench = fileURLToPath(new URL('..', import.meta.url))
const mostMs = 600_000

export async function runRounds({ suite, options, servers, onResult }) {
  const works = suites[suite].filter((work) => isChosen(work, options))
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const work of works) {
      for (const system of options.systems.filter((name) => canDo(name, work.kind))) {
        const results = await measure({ suite, work, system, options, servers })
        for (const result of results) onResult({ round, suite, work: work.name, ...result })
      }
    }
  }
}

function isChosen({ name, isHeadline }, { works, onlyHeadlines }) {
  if (works !== undefined) return works.some((start) => name.startsWith(start))
  return !onlyHeadlines || isHeadline === true
}

/** @returns nothing when the system cannot do it; what failed is said on stderr */
async function measure({ suite, work, system, options, servers }) {
  const { server } = systems[system]
  if (servers[server] === undefined) return []
  const { pid, ...fresh } = await servers[server].fresh(options)
  const { durable, defaults, size, seconds } = options
  const task = { suite, work: work.name, system, defaults, durable, size, seconds, ...fresh }
  try {
    const measured = await inProcess({ ...task, serverPid: pid })
    const version = versionOf(system)
    return (measured ?? []).map((one) => ({ system, version, durable, ...one }))
  } catch (error) {
    console.error(`${system}, ${work.name}: ${error.message}`)
    return []
  }
}

function inProcess(task) {
  const settings = { cwd: bench, timeout: mostMs, env: { ...process.env, NODE_NO_WARNINGS: '1' } }
  return new Promise((resolve, reject) => {
    execFile(
      node,
      ['--expose-gc', 'measure.mjs', JSON.stringify(task)],
      settings,
      (error, out, err) => {
        if (error === null) resolve(JSON.parse(out.trim().split('\n').at(-1)))
        else reject(new Error(err.trim() || error.message))
      },
    )
  })
}
