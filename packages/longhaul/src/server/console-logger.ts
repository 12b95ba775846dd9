import type { Logger } from '../core/index.js'

/** Warnings and errors as lines on the console; nothing for a quiet day. */
export const consoleLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (details, message) => console.warn(`longhaul: ${message}`, details),
  error: (details, message) => console.error(`longhaul: ${message}`, details),
}
