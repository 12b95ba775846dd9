import type { Place, PlaceRole } from './place.js'

/** The places in columns: objects for all 110,000 would take four times the memory. */
export interface PlaceTable {
  readonly size: number
  readonly names: readonly string[]
  readonly latitudes: Float64Array
  readonly longitudes: Float64Array
  readonly populations: Float64Array
  at(index: number): Place
}

const stepsPerDegree = 500
const linesPerSlice = 4000

/**
 * Read the derived file (its format is told in scripts/derive/places.mjs). Gives the event loop a
 * turn after every slice, so that reading it delays nobody's request.
 */
export async function parsePlaceTable(
  text: string,
  nextTurn: () => Promise<void>,
): Promise<PlaceTable> {
  const lines = text.split('\n')
  const names: string[] = []
  const flags: string[] = []
  const landmasses: string[] = []
  const regions: Region[] = []
  const regionOf = new Uint16Array(lines.length)
  const latitudes = new Float64Array(lines.length)
  const longitudes = new Float64Array(lines.length)
  const populations = new Float64Array(lines.length)
  let before = { north: 0, east: 0, landmass: '' }
  for (const [n, line] of lines.entries()) {
    if (n % linesPerSlice === linesPerSlice - 1) await nextTurn()
    const [name = '', ...fields] = line.split('\t')
    if (name.startsWith('@')) {
      regions.push({ country: name.slice(1), name: fields[0] ?? '', code: fields[1] ?? '' })
      before = { north: 0, east: 0, landmass: '' }
      continue
    }
    const [north = '', east = '', population = '', flag = '', landmass = ''] = fields
    before = {
      north: before.north + Number(north),
      east: before.east + Number(east),
      landmass: landmass === '' ? before.landmass : landmass,
    }
    const index = names.push(name) - 1
    flags.push(flag)
    landmasses.push(before.landmass)
    regionOf[index] = regions.length - 1
    latitudes[index] = before.north / stepsPerDegree
    longitudes[index] = before.east / stepsPerDegree
    populations[index] = Number(population)
  }
  return {
    size: names.length,
    names,
    latitudes,
    longitudes,
    populations,
    at(index) {
      const region = regions[regionOf[index]!]!
      return {
        name: names[index]!,
        country: region.country,
        region: region.name,
        regionCode: region.code,
        latitude: latitudes[index]!,
        longitude: longitudes[index]!,
        population: populations[index]!,
        role: roles[flags[index]!.replace('c', '')] ?? 'place',
        coastal: flags[index]!.includes('c'),
        landmass: landmasses[index]!,
      }
    },
  }
}

interface Region {
  readonly country: string
  readonly name: string
  readonly code: string
}

const roles: Readonly<Record<string, PlaceRole>> = {
  C: 'capital',
  A: 'region_seat',
  B: 'district_seat',
  D: 'local_seat',
  X: 'quarter',
}
