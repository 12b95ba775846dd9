/** What the API asks of an open WebSocket, whatever server it came from. */
export interface Socket {
  /** `onSent` is called when the bytes have left this process, or never will. */
  send(message: Buffer, onSent: () => void): void
  /** Bytes that were sent and have not left this process. */
  waiting(): number
  close(code: number, reason: string): void
  /** Give up on it, without a goodbye. */
  terminate(): void
  /** Ask the other end for a sign of life; `onAnswer` is called if it comes. */
  ping(onAnswer: () => void): void
  /** No more is read until the listener is done with what came. */
  onMessage(listener: (text: string) => Promise<void>): void
  onClose(listener: () => void): void
}

/** The largest message that a client may send. */
export const mostMessageBytes = 262_144
