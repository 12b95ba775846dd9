import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Issue, limits } from '../../core/index.js'
import type { NewJob } from '../../postgres/index.js'
import { type EnqueueOptions, invalid } from '../enqueue/enqueue-options.js'
import { asRequest, type EnqueueRequest, type RequestContext } from '../enqueue/enqueue-request.js'
import { fingerprintOf } from '../enqueue/fingerprint.js'
import { inItem, tooManyItems } from '../job-errors.js'

/** One of the jobs for which a batch waits. It belongs to the batch's owner. */
export interface BatchItem extends Pick<
  EnqueueOptions,
  'runAt' | 'delay' | 'deadline' | 'startWithin' | 'priority' | 'tags' | 'metadata' | 'secrets'
> {
  readonly type: string
  readonly input: unknown
}

const itemsPerTurn = 200
/** A batch is due when its items have settled; what stood for another request would have other items. */
const unfit = ['runAt', 'delay', 'singleton', 'debounce'] as const
/** An item that stood for another job would not be this batch's. */
const unfitForItems = ['id', 'idempotencyKey', 'singleton', 'debounce'] as const

/**
 * A request for a job with the items for which it waits. Repeated, it has to have the same items.
 *
 * @throws {LonghaulError} as `asRequest`, with pointers such as `/items/3/input`; `payload_too_large`
 */
export async function asBatch(
  context: RequestContext,
  { row, ...request }: EnqueueRequest,
  { items, options }: { readonly items: readonly BatchItem[]; readonly options: EnqueueOptions },
): Promise<EnqueueRequest> {
  const issues = without(unfit, options, 'cannot be combined with items')
  if (issues.length > 0) throw invalid(issues)
  if (items.length > limits.itemsPerBatch) throw tooManyItems(items.length)
  const isRepeatable = row.fingerprint !== undefined
  const fingerprints: string[] = []
  const rows: NewJob[] = []
  for (const [n, item] of items.entries()) {
    // Many thousands of inputs are not to keep a process from its other work.
    if (n % itemsPerTurn === itemsPerTurn - 1) await nextTurn()
    try {
      const { type, input, ...asked } = item
      const wrong = without(unfitForItems, asked, 'is not for an item of a batch')
      if (wrong.length > 0) throw invalid(wrong)
      const id = isRepeatable ? { id: context.makeId() } : {}
      const { principal } = options
      const made = await asRequest(context, type, input, { ...asked, ...id, principal })
      const { fingerprint, ...itemRow } = made.row
      if (fingerprint !== undefined) fingerprints.push(fingerprint)
      rows.push({ ...itemRow, parentId: row.id, isItem: true })
    } catch (error) {
      throw inItem(n, error, '/items')
    }
  }
  const fingerprint = isRepeatable
    ? { fingerprint: fingerprintOf({ batch: row.fingerprint, items: fingerprints }) }
    : {}
  return { ...request, row: { ...row, ...fingerprint, itemCount: rows.length }, items: rows }
}

function without(names: readonly string[], options: object, message: string): Issue[] {
  return names
    .filter((name) => (options as Readonly<Record<string, unknown>>)[name] !== undefined)
    .map((name) => ({ pointer: `/${name}`, code: 'invalid', message }))
}
