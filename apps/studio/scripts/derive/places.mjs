import { stepsPerDegree } from './land.mjs'

/** Gone, or only a name today: abandoned, destroyed, historical. */
const gone = new Set(['PPLQ', 'PPLW', 'PPLH', 'PPLCH'])
const seats = { PPLC: 'C', PPLA: 'A', PPLA2: 'B', PPLA3: 'D', PPLA4: 'D', PPLA5: 'D', PPLX: 'X' }
const minPopulation = 1000
const minSeatPopulation = 500
const seaKm = 3

/**
 * One line for each region, `@US<tab>Oregon<tab>OR` (the code where it has letters), and below it one for each place: name, steps north and east of
 * the place before, population to three digits, flags, and its landmass where that changes (always, for the first).
 * Flags: C capital, A and B seats of the first and second order, D lower seats, X part of a city; c by the sea.
 */
export function encodePlaces({ cities, regions, coast }) {
  const groups = byRegion(cities.filter(isKept))
  const landmasses = new Map()
  const lines = []
  for (const region of [...groups.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    lines.push(regionLine(region, regions))
    let before = { x: 0, y: 0, land: '' }
    for (const city of groups.get(region).sort(inSnakes)) {
      const [x, y] = city.loc.coordinates.map((degrees) => Math.round(degrees * stepsPerDegree))
      const { km, landmass } = coast(city.loc.coordinates)
      if (!landmasses.has(landmass)) landmasses.set(landmass, landmasses.size.toString(36))
      const land = landmasses.get(landmass)
      const flags = `${seats[city.featureCode] ?? ''}${km <= seaKm ? 'c' : ''}`
      const fields = [
        clean(city.name),
        y - before.y,
        x - before.x,
        Number(city.population.toPrecision(3)),
        flags,
        land === before.land ? '' : land,
      ]
      lines.push(fields.join('\t').trimEnd())
      before = { x, y, land }
    }
  }
  return lines.join('\n')
}

function isKept({ featureCode, population }) {
  if (gone.has(featureCode)) return false
  return population >= (/^PPL(C|A2?)$/.test(featureCode) ? minSeatPopulation : minPopulation)
}

function regionLine(region, names) {
  const [country, code] = region.split('.')
  const letters = /^[A-Z]{2,3}$/.test(code) ? code : ''
  return [`@${country}`, clean(names.get(region) ?? ''), letters].join('\t').trimEnd()
}

function byRegion(cities) {
  const groups = new Map()
  for (const city of cities) {
    const region = `${city.country}.${city.adminCode}`
    if (!groups.has(region)) groups.set(region, [])
    groups.get(region).push(city)
  }
  return groups
}

/** Neighbours after each other, so that the steps between them are short. */
function inSnakes(a, b) {
  const row = ({ loc }) => Math.floor(loc.coordinates[1] * 8)
  return row(a) - row(b) || a.loc.coordinates[0] - b.loc.coordinates[0] || a.cityId - b.cityId
}

function clean(name) {
  return name.replaceAll(/\s+/g, ' ').trim()
}
