/** What the API asks of an open WebSocket, whatever server it came from. */
export interface Socket {
  /** Resolves when the bytes have left this process; never rejects. */
  send(message: Buffer): Promise<void>
  /** Bytes that were sent and have not left this process. */
  waiting(): number
  close(code: number, reason: string): void
  /** Give up on it, without a goodbye. */
  terminate(): void
  /** Ask the other end for a sign of life. @returns resolves when it came; never, if it does not */
  ping(): Promise<void>
  /** No more is read until the listener is done with what came. */
  onMessage(listener: (text: string) => Promise<void>): void
  onClose(listener: () => void): void
}

/** The largest message that a client may send. */
export const mostMessageBytes = 262_144
