import type { Database } from './database.js'
import { defaultSchema } from './schema-name.js'
import { intoSchema } from './sql.js'

/** A transaction that the app has opened, in which our statements find the tables of this schema. */
export function joinTransaction(schema: string, transaction: Database): Database {
  if (schema === defaultSchema) return transaction
  return { run: (query) => transaction.run(intoSchema(schema, query)) }
}
