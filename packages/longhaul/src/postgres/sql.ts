import { defaultSchema, inSchema } from './schema-name.js'

/**
 * A statement as a value. Query modules build these and never execute them, so they are pure:
 * easy to test, to print, to explain, and to run inside anybody's transaction.
 */
export interface Query<Row> {
  readonly text: string
  readonly values: readonly unknown[]
  /** Only a type: the shape of the rows, in camelCase. */
  readonly row?: Row
}

const partsOf = new WeakMap<object, Parts>()

interface Parts {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
  /** In which its texts already name their tables. */
  readonly schema?: string
}

/**
 * Every `${}` becomes a bind parameter and never text, so no value can inject SQL. Another
 * `sql` value inside is spliced in with its own parameters.
 */
export function sql<Row = never>(
  template: TemplateStringsArray,
  ...values: readonly unknown[]
): Query<Row> {
  return join<Row>(values.some(isQuery) ? splice(template, values) : { strings: template, values })
}

function join<Row>(parts: Parts): Query<Row> {
  const text = parts.strings.reduce((before, part, n) => `${before}$${n}${part}`)
  const query = { text, values: parts.values }
  partsOf.set(query, parts)
  return query
}

/**
 * A whole number as part of the text: a `limit` that decides how a list is read. Plans are made once
 * for each text, and for one that does not know its limit Postgres reckons with a tenth of the table.
 *
 * @throws {RangeError} for anything but a whole number
 */
export function planned(number: number): Query<never> {
  if (!Number.isSafeInteger(number)) throw new RangeError(`${number} is not a whole number.`)
  const query = { text: String(number), values: [] }
  partsOf.set(query, { strings: [query.text], values: [] })
  return query
}

/** A statement for a transaction that knows of no schema. */
export function intoSchema<Row>(schema: string, query: Query<Row>): Query<Row> {
  const { strings, values } = partsOf.get(query)!
  return join({ strings: strings.map((text) => inSchema(schema, text)), values, schema })
}

/** The schema that a statement was put into. */
export function schemaOf(query: Query<unknown>): string {
  return partsOf.get(query)?.schema ?? defaultSchema
}

/** The texts and values of a statement in turns, beginning and ending with a text. */
export function piecesOf(query: Query<unknown>): unknown[] {
  const { strings, values } = partsOf.get(query)!
  return strings.flatMap((text, n) => (n < values.length ? [text, values[n]] : [text]))
}

function isQuery(value: unknown): value is Query<unknown> {
  return typeof value === 'object' && value !== null && partsOf.has(value)
}

function splice(template: readonly string[], values: readonly unknown[]): Parts {
  const strings = [template[0] ?? '']
  const flat: unknown[] = []
  values.forEach((value, n) => {
    const after = template[n + 1] ?? ''
    if (!isQuery(value)) {
      flat.push(value)
      strings.push(after)
      return
    }
    const inner = partsOf.get(value)!
    const last = inner.strings.length - 1
    strings[strings.length - 1] += inner.strings[0]!
    for (let i = 1; i <= last; i += 1) strings.push(inner.strings[i]!)
    flat.push(...inner.values)
    strings[strings.length - 1] += after
  })
  return { strings, values: flat }
}
