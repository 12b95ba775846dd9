/** What Longhaul asks of a logger: pino, and `console` with a line of adapter, satisfy it. */
export interface Logger {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** The same logger with further details on every line. */
export function withDetails(logger: Logger, shared: object): Logger {
  return {
    debug: (details, message) => logger.debug({ ...shared, ...details }, message),
    info: (details, message) => logger.info({ ...shared, ...details }, message),
    warn: (details, message) => logger.warn({ ...shared, ...details }, message),
    error: (details, message) => logger.error({ ...shared, ...details }, message),
  }
}
