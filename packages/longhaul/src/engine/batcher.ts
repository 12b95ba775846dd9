/**
 * Many callers, few statements. While one batch is being committed the next fills, so a batch is
 * as large as the load makes it: no timer under load, no delay when idle.
 *
 * Strangers in a batch are kept apart:
 * - one whose data is at fault: the batch is halved until the guilty item stands alone and gets its
 *   own error;
 * - one that waits for somebody's lock: `run` leaves it out of its answers, and it is sent again;
 *   or the statement gives up waiting, the batch is halved, and the item goes on waiting alone;
 * - a lost connection: the outcome is unknown, so the same items are sent again. `run` must
 *   therefore answer a repeated item as it did the first time.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { failureKind } from '../postgres/index.js'

export interface BatcherOptions<Item, Answer> {
  /**
   * Commit these items in one statement. The answers are in the order of the items; `undefined`
   * sends the item again. `alone`: the one item may wait long for a lock.
   */
  run(items: readonly Item[], alone: boolean): Promise<readonly (Answer | undefined)[]>
  /** @defaultValue 500 */
  readonly maxItems?: number
  /** What an item adds to the statement, in bytes; a statement holds 8 MiB. */
  readonly sizeOf?: (item: Item) => number
  /** How long an item is sent again when its outcome is unknown. */
  readonly giveUpAfterMs: number
  /** Items that are not urgent depart with others, or this long after the last departure. */
  readonly lazyMs?: number
}

export interface Batcher<Item, Answer> {
  add(item: Item, options?: { readonly urgent: boolean }): Promise<Answer>
  /** Resolves when everything that was added has been answered. */
  idle(): Promise<void>
}

interface Entry<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
  readonly urgent: boolean
  readonly addedAt: number
  /** How often it was sent again because of a lock, and because of a conflict. */
  busy: number
  conflicts: number
}

const maxBytes = 8 * 1_048_576
const defaultMaxItems = 500
const mostConflicts = 3
/** How many items may wait alone for a lock at once: each holds a connection. */
const mostAlone = 3

export function createBatcher<Item, Answer>(
  options: BatcherOptions<Item, Answer>,
): Batcher<Item, Answer> {
  const { run, maxItems = defaultMaxItems, sizeOf = () => 0, giveUpAfterMs, lazyMs = 0 } = options
  type E = Entry<Item, Answer>
  let waiting: E[] = []
  const alone: E[] = []
  let open = 0
  let aloneRunning = 0
  let flying = false
  let scheduled = false
  let lazyTimer: NodeJS.Timeout | undefined
  let departedAt = Number.NEGATIVE_INFINITY
  let idleListeners: (() => void)[] = []

  function add(item: Item, { urgent } = { urgent: true }): Promise<Answer> {
    open += 1
    return new Promise<Answer>((resolve, reject) => {
      waiting.push({
        item,
        resolve: (answer) => settle(() => resolve(answer)),
        reject: (error) => settle(() => reject(error)),
        urgent,
        addedAt: performance.now(),
        busy: 0,
        conflicts: 0,
      })
      schedule(urgent)
    })
  }

  function settle(tell: () => void): void {
    tell()
    open -= 1
    if (open > 0) return
    for (const listener of idleListeners) listener()
    idleListeners = []
  }

  /** On the next turn of the event loop, so that all who call in this turn travel together. */
  function schedule(urgent: boolean): void {
    if (scheduled || flying) return
    const wait = urgent ? 0 : departedAt + lazyMs - performance.now()
    if (wait > 0) {
      lazyTimer ??= setTimeout(() => schedule(true), wait)
      return
    }
    scheduled = true
    setImmediate(() => void depart())
  }

  async function depart(): Promise<void> {
    scheduled = false
    clearTimeout(lazyTimer)
    lazyTimer = undefined
    if (waiting.length === 0) return
    flying = true
    departedAt = performance.now()
    await fly(takeBatch())
    flying = false
    if (waiting.length > 0) schedule(waiting.some((entry) => entry.urgent))
  }

  function takeBatch(): E[] {
    const count = pieceLength(waiting, ({ item }) => sizeOf(item), maxItems)
    const batch = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return batch
  }

  async function fly(batch: readonly E[]): Promise<void> {
    try {
      const answers = await run(
        batch.map((entry) => entry.item),
        false,
      )
      batch.forEach((entry, n) => {
        const answer = answers[n]
        if (answer === undefined) sendAgainLater(entry)
        else entry.resolve(answer)
      })
    } catch (error) {
      await handleFailure(batch, error)
    }
  }

  async function handleFailure(batch: readonly E[], error: unknown): Promise<void> {
    switch (failureKind(error)) {
      case 'data':
        if (batch.length === 1) batch[0]!.reject(error)
        else await halve(batch)
        return
      case 'lock_timeout':
        if (batch.length > 1) return halve(batch)
        alone.push(batch[0]!)
        void flyAlone()
        return
      case 'conflict':
        for (const entry of batch) entry.conflicts += 1
        return sendAgain(batch, error, (entry) => entry.conflicts < mostConflicts)
      case 'unavailable': {
        await delay(pauseMs(batch[0]!))
        const now = performance.now()
        return sendAgain(batch, error, (entry) => now - entry.addedAt < giveUpAfterMs)
      }
      case 'other':
        for (const entry of batch) entry.reject(error)
    }
  }

  async function halve(batch: readonly E[]): Promise<void> {
    const middle = batch.length >> 1
    await fly(batch.slice(0, middle))
    await fly(batch.slice(middle))
  }

  function sendAgain(batch: readonly E[], error: unknown, may: (entry: E) => boolean): void {
    for (const entry of batch) if (!may(entry)) entry.reject(error)
    waiting = [...batch.filter(may), ...waiting]
  }

  function sendAgainLater(entry: E): void {
    entry.busy += 1
    setTimeout(
      () => {
        waiting.push(entry)
        schedule(true)
      },
      Math.min(500, 5 * 2 ** Math.min(entry.busy, 7)),
    )
  }

  async function flyAlone(): Promise<void> {
    if (aloneRunning === mostAlone) return
    aloneRunning += 1
    for (let entry = alone.shift(); entry !== undefined; entry = alone.shift()) {
      try {
        const [answer] = await run([entry.item], true)
        if (answer === undefined) sendAgainLater(entry)
        else entry.resolve(answer)
      } catch (error) {
        entry.reject(error)
      }
    }
    aloneRunning -= 1
  }

  return {
    add,
    idle: () =>
      open === 0 ? Promise.resolve() : new Promise((resolve) => idleListeners.push(resolve)),
  }
}

/** Longer the longer the database has been away: 20 ms to 1 s, drawn at random. */
function pauseMs({ addedAt }: { addedAt: number }): number {
  const away = performance.now() - addedAt
  return 20 + Math.random() * Math.min(1000, Math.max(50, away))
}

/** How many of these items, from the first on, one statement takes: one at least. */
function pieceLength<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  maxItems: number,
): number {
  let bytes = 0
  let count = 0
  while (count < items.length && count < maxItems) {
    bytes += sizeOf(items[count]!)
    if (count > 0 && bytes > maxBytes) break
    count += 1
  }
  return count
}

/** Items in their order, in pieces that a statement holds. */
export function piecesOf<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Item[][] {
  const pieces: Item[][] = []
  for (let rest = items; rest.length > 0; rest = rest.slice(pieces.at(-1)!.length)) {
    pieces.push(rest.slice(0, pieceLength(rest, sizeOf, defaultMaxItems)))
  }
  return pieces
}
