import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { systems } from '../systems/index.mjs'
import { node } from './node.mjs'

export function versionOf(system) {
  const name = systems[system].package ?? system
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(manifest, 'utf8')).version
}

/** Where and with what a run was made. */
export function describeMachine({ postgres, redis }) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  return {
    cores: cpus().length,
    processor: cpus()[0].model.trim(),
    node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1),
    postgres: postgres.version,
    redis: redis?.version,
    commit,
    date: new Date().toISOString().slice(0, 10),
  }
}
