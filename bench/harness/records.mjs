// What was measured is kept in results/: a line for each measurement, in which a later run replaces the
// same works of an earlier one. The tables of docs/performance.md are made of these lines.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = new URL('../results/', import.meta.url)
mkdirSync(folder, { recursive: true })

const place = (section) => fileURLToPath(new URL(`${section}.jsonl`, folder))

function readResults(section) {
  const file = place(section)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** @returns all results of the section, the new ones among them, in the order of its works */
export function addResults(section, results, works) {
  const isNew = ({ work }) => results.some((result) => result.work === work)
  const kept = readResults(section).filter((result) => !isNew(result))
  const names = works.map(({ name }) => name)
  const placeOf = ({ work, system }) => Math.max(names.indexOf(work), names.indexOf(system))
  const all = [...kept, ...results]
    .filter((result) => placeOf(result) !== -1)
    .sort((a, b) => placeOf(a) - placeOf(b))
  writeFileSync(place(section), `${all.map((result) => JSON.stringify(result)).join('\n')}\n`)
  return all
}

const ratiosFile = fileURLToPath(new URL('short.json', folder))

export function readRatios() {
  return existsSync(ratiosFile) ? JSON.parse(readFileSync(ratiosFile, 'utf8')) : []
}

export function writeRatios(ratios) {
  writeFileSync(ratiosFile, `${JSON.stringify(ratios, null, 2)}\n`)
}
