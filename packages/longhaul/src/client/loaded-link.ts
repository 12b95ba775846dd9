import type { Link } from './link.js'
import type { WatchSet } from './watch-set.js'

export interface LoadedLinkOptions {
  readonly watches: WatchSet
  load(): Promise<Link>
}

/** A link whose code is loaded when something is first watched. */
export function createLoadedLink({ watches, load }: LoadedLinkOptions): Link {
  let loading: Promise<void> | undefined
  let link: Link | undefined
  let closed = false

  async function start(): Promise<void> {
    const loaded = await load()
    if (closed) return loaded.close()
    link = loaded
    if (!watches.isEmpty()) link.changed('added')
  }

  return {
    changed(change) {
      if (link !== undefined) return link.changed(change)
      loading ??= start()
    },
    retryNow: () => link?.retryNow(),
    close() {
      closed = true
      link?.close()
    },
  }
}
