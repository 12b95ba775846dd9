import type { OpenTransaction, Transactions } from '../core/index.js'
import { type AnswerRow, throughText } from '../postgres/index.js'

/** What Prisma gives to the function that it runs in a transaction. */
export interface PrismaTransaction {
  $queryRawUnsafe<Rows>(query: string, ...values: unknown[]): PromiseLike<Rows>
}

/** Those of Prisma's `$transaction`, in milliseconds. */
export interface PrismaTransactionOptions {
  /** For a connection. */
  readonly maxWait?: number
  /**
   * A transaction that takes longer is rolled back by Prisma.
   *
   * @defaultValue 60_000; Prisma's own is 5000
   */
  readonly timeout?: number
}

export interface PrismaClientLike<Tx> extends PrismaTransaction {
  $connect(): Promise<void>
  $transaction<T>(work: (tx: Tx) => Promise<T>, options?: PrismaTransactionOptions): Promise<T>
}

/**
 * A client of Prisma, for steps that have a transaction of it.
 *
 * @example
 * const transaction = fromPrisma(prisma)
 * await step('save', { transaction }, (tx) => tx.order.create({ data: order }))
 */
export function fromPrisma<Tx extends PrismaTransaction>(
  client: PrismaClientLike<Tx>,
  options?: PrismaTransactionOptions,
): Transactions<Tx>
/** An open transaction of Prisma, to enqueue in it. */
export function fromPrisma(tx: PrismaTransaction): OpenTransaction
export function fromPrisma<Tx extends PrismaTransaction>(
  source: PrismaTransaction | PrismaClientLike<Tx>,
  options?: PrismaTransactionOptions,
): Transactions<Tx> | OpenTransaction {
  if (!('$connect' in source)) return within(source)
  const limits = { timeout: 60_000, ...options }
  return { open: (work) => source.$transaction((tx) => work(tx, within(tx)), limits) }
}

function within(tx: PrismaTransaction): OpenTransaction {
  return throughText(async (statement, pieces) => {
    try {
      return await tx.$queryRawUnsafe<AnswerRow[]>(statement, pieces)
    } catch (error) {
      throw ofServer(error)
    }
  })
}

/** As far as is known of it from outside. */
interface PrismaError extends Error {
  readonly code?: string
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: ServerError } }
}

interface ServerError {
  readonly originalCode?: string
  readonly originalMessage?: string
}

/** What the server said is plain data inside Prisma's error. That Prisma has ended the transaction is no lost connection. */
function ofServer(error: unknown): unknown {
  const { code, message, meta } = error as PrismaError
  const { originalCode, originalMessage } = meta?.driverAdapterError?.cause ?? {}
  if (code === 'P2028') return asServerError('25P01', message, error)
  return originalCode === undefined ? error : asServerError(originalCode, originalMessage, error)
}

function asServerError(code: string, message: string | undefined, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code, severity: 'ERROR' })
}
