/** What brings the news of a watch set: this tab's own line to the server, or another tab that has one. */
export interface Link {
  /** The set has become another one. */
  changed(change: WatchChange): void
  /** Try again now, and by the best way, also if that had been given up. */
  retryNow(): void
  close(): void
}

export type WatchChange = 'added' | 'removed'
