/**
 * Two times that the event loop and the heartbeat's thread both see, in shared memory: when the
 * loop last turned, and when the lease was last renewed. Monotonic milliseconds, the same in every
 * thread, so that no change of the machine's clock can lengthen a lease or end it.
 */
export interface LeaseClock {
  readonly memory: SharedArrayBuffer
  markAlive(): void
  markRenewed(atMs: number): void
  /** For how long the event loop has not turned. */
  blockedMs(): number
  sinceRenewalMs(): number
}

const aliveAt = 0
const renewedAt = 1

export function createLeaseClock(
  memory: SharedArrayBuffer = new SharedArrayBuffer(16),
): LeaseClock {
  const times = new BigInt64Array(memory)
  return {
    memory,
    markAlive: () => void Atomics.store(times, aliveAt, BigInt(monotonicMs())),
    markRenewed: (atMs) => void Atomics.store(times, renewedAt, BigInt(atMs)),
    blockedMs: () => monotonicMs() - Number(Atomics.load(times, aliveAt)),
    sinceRenewalMs: () => monotonicMs() - Number(Atomics.load(times, renewedAt)),
  }
}

export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}
