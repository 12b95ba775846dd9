import { LonghaulError } from './errors.js'

/** @throws {LonghaulError} `invalid_configuration`, naming the option and its range */
export function wholeNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new LonghaulError(
    'invalid_configuration',
    `${name} is ${value}. Give a whole number from ${min} to ${max}.`,
  )
}
