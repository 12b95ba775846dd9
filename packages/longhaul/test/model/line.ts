import type { OwnDatabase } from '../../src/postgres/index.js'

export interface Line {
  readonly db: OwnDatabase
  cut(): void
  restore(): void
}

/** A connection on which statements can get stuck before they reach the database. */
export function createLine(db: OwnDatabase): Line {
  let open = Promise.resolve()
  let restore = (): void => undefined
  return {
    db: {
      ...db,
      run: (query) => open.then(() => db.run(query)),
      transaction: (work) => open.then(() => db.transaction(work)),
    },
    cut() {
      open = new Promise((resolve) => (restore = resolve))
    },
    restore: () => restore(),
  }
}
