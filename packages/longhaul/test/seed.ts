import { randomInt } from 'node:crypto'

const given = process.env['LONGHAUL_SEED']

/** What is chosen at random is chosen by this: the same again with `npm run test:chaos -- --seed …`. */
export const seed = Number(given ?? randomInt(2 ** 31))
export const isReplay = given !== undefined
/** `npm run test:chaos`: the long runs. */
export const isLong = process.env['LONGHAUL_CHAOS'] !== undefined
export const replay = `LONGHAUL_SEED=${seed}`
