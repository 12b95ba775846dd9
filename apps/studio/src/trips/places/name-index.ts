import { editDistance } from './edit-distance.js'
import type { PlaceTable } from './place-table.js'
import { plainName } from './plain-name.js'

/** Finds places by name. */
export interface NameIndex {
  /** The places that are called so, the largest first. */
  find(name: string): readonly number[]
  /** The places whose names are nearly so, the closest and then the largest first. */
  findSimilar(name: string, limit: number): readonly number[]
}

const namesPerSlice = 4000

/**
 * @param otherNames one `other name<tab>name in the data<tab>country` per line: the data has one name
 * for each place, now the English one and now the local one, and travellers use both
 */
export async function createNameIndex(
  places: PlaceTable,
  otherNames: string,
  nextTurn: () => Promise<void>,
): Promise<NameIndex> {
  const byName = new Map<string, number[]>()
  const add = (name: string, index: number): void => {
    const same = byName.get(name)
    if (same === undefined) byName.set(name, [index])
    else if (!same.includes(index)) same.push(index)
  }
  for (let index = 0; index < places.size; index += 1) {
    if (index % namesPerSlice === namesPerSlice - 1) await nextTurn()
    const name = places.names[index]!
    add(plainName(name), index)
    for (const other of partsOf(name)) add(plainName(other), index)
  }
  const bySize = (a: number, b: number): number => places.populations[b]! - places.populations[a]!
  for (const indexes of byName.values()) indexes.sort(bySize)
  for (const { other, name, country } of readOtherNames(otherNames)) {
    const meant = byName.get(name)?.find((index) => places.at(index).country === country)
    if (meant === undefined)
      throw new Error(`data/other-names.tsv: there is no ${name} in ${country}.`)
    add(other, meant)
    byName.get(other)!.sort(bySize)
  }
  return {
    find: (name) => byName.get(plainName(name)) ?? [],
    findSimilar(name, limit) {
      const plain = plainName(name)
      if (plain.length < 3) return []
      const most = plain.length < 6 ? 1 : 2
      return [...byName]
        .filter(([other]) => other[0] === plain[0] && Math.abs(other.length - plain.length) <= most)
        .map(([other, [index]]) => ({ index: index!, distance: editDistance(plain, other) }))
        .filter(({ distance }) => distance <= most)
        .sort((a, b) => a.distance - b.distance || bySize(a.index, b.index))
        .slice(0, limit)
        .map(({ index }) => index)
    },
  }
}

/** "Donostia / San Sebastián" is either; "Nara-shi" and "Suwon-si" are the cities of Nara and Suwon. */
function partsOf(name: string): string[] {
  if (name.includes(' / ')) return name.split(' / ')
  return /-sh?i$/.test(name) ? [name.replace(/-sh?i$/, '')] : []
}

function readOtherNames(text: string): { other: string; name: string; country: string }[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [other = '', name = '', country = ''] = line.split('\t')
      return { other: plainName(other), name: plainName(name), country }
    })
}
