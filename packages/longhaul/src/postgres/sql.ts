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
  const query = { text: textOf(parts.strings), values: parts.values }
  partsOf.set(query, parts)
  return query
}

const texts = new WeakMap<readonly string[], string>()

/** Put together once: statements are built of the same texts again and again. */
function textOf(strings: readonly string[]): string {
  const known = texts.get(strings)
  if (known !== undefined) return known
  const text = strings.reduce((before, part, n) => `${before}$${n}${part}`)
  texts.set(strings, text)
  return text
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

function splice(template: TemplateStringsArray, values: readonly unknown[]): Parts {
  let place = placeOf(template)
  const flat: unknown[] = []
  for (const value of values) {
    const inner = isQuery(value) ? partsOf.get(value)! : undefined
    flat.push(...(inner === undefined ? [value] : inner.values))
    place = nextPlace(place, inner?.strings ?? aValue)
  }
  place.strings ??= spliced(template, values)
  return { strings: place.strings, values: flat }
}

/** A template and what was put into it so far: the same texts make the same statement. */
interface Place {
  readonly next: WeakMap<readonly string[], Place>
  strings?: readonly string[]
}

const templates = new WeakMap<readonly string[], Place>()
const aValue: readonly string[] = []

function placeOf(template: readonly string[]): Place {
  return nextPlace({ next: templates }, template)
}

function nextPlace({ next }: Place, strings: readonly string[]): Place {
  const known = next.get(strings)
  if (known !== undefined) return known
  const place = { next: new WeakMap<readonly string[], Place>() }
  next.set(strings, place)
  return place
}

function spliced(template: readonly string[], values: readonly unknown[]): readonly string[] {
  const strings = [template[0]!]
  values.forEach((value, n) => {
    const inner = isQuery(value) ? partsOf.get(value)!.strings : ['', '']
    strings[strings.length - 1] += inner[0]!
    strings.push(...inner.slice(1))
    strings[strings.length - 1] += template[n + 1]!
  })
  return strings
}
