import type { Frame, WatchRequest } from '../../protocol/index.js'
import type { ConnectionStatus } from '../connection-status.js'

/** What tabs say to each other. */
export type TabMessage =
  /** To all: who holds the connection? */
  | { readonly type: 'seeking' }
  /** I do. To all, and to whoever asks. */
  | { readonly type: 'leading' }
  /** To the leader: what I watch, all of it; the same again when it has become something else. */
  | { readonly type: 'watch'; readonly request: WatchRequest; readonly pollMs?: number | undefined }
  | { readonly type: 'retry' }
  | { readonly type: 'leave' }
  /** To the leader, again and again: are you there? */
  | { readonly type: 'ping' }
  | { readonly type: 'pong' }
  /** From the leader: what you watch has changed, in this epoch of the database. */
  | { readonly type: 'news'; readonly epoch: string; readonly frames: readonly Frame[] }
  | { readonly type: 'status'; readonly status: ConnectionStatus }
  /** There is no place for you on this connection: have your own. */
  | { readonly type: 'full' }
  /** I do not lead, or do not know you. */
  | { readonly type: 'lost' }

export interface Mail {
  toAll(message: TabMessage): void
  to(tab: string, message: TabMessage): void
  /** There is nothing more to say to that tab. */
  forget(tab: string): void
  close(): void
}

interface Letter {
  readonly from: string
  readonly message: TabMessage
}

export interface MailOptions {
  readonly BroadcastChannel: typeof BroadcastChannel
  readonly name: string
  readonly tab: string
  onMessage(from: string, message: TabMessage): void
}

/** A channel for all tabs of the session, and one for each tab: what one of them watches, the others need not read. */
export function createMail({ BroadcastChannel, name, tab, onMessage }: MailOptions): Mail {
  const channels = new Map<string, BroadcastChannel>()
  let closed = false

  function channel(address: string): BroadcastChannel {
    const known = channels.get(address) ?? new BroadcastChannel(address)
    channels.set(address, known)
    return known
  }

  function listen(address: string): void {
    channel(address).addEventListener('message', ({ data }: MessageEvent<Letter>) =>
      onMessage(data.from, data.message),
    )
  }

  function post(address: string, message: TabMessage): void {
    if (!closed) channel(address).postMessage({ from: tab, message } satisfies Letter)
  }

  const addressOf = (other: string): string => `${name} ${other}`
  listen(name)
  listen(addressOf(tab))
  return {
    toAll: (message) => post(name, message),
    to: (other, message) => post(addressOf(other), message),
    forget(other) {
      channels.get(addressOf(other))?.close()
      channels.delete(addressOf(other))
    },
    close() {
      closed = true
      for (const each of channels.values()) each.close()
      channels.clear()
    },
  }
}
