import type { JobFilter } from '../protocol/index.js'

/** The same short name for the same window, whichever component or tab asks for it. */
export type WindowNames = (filter: JobFilter, limit: number) => string

export const defaultWindowLimit = 20

export function createWindowNames(): WindowNames {
  const names = new Map<string, string>()
  return ({ status, type, queue, tags, input, parent, scope }, limit) => {
    const canonical = JSON.stringify([status, type, queue, tags, input, parent, scope, limit])
    const name = names.get(canonical) ?? `w${names.size}`
    names.set(canonical, name)
    return name
  }
}
