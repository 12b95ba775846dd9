import { onTestFinished } from 'vitest'
import { countedTimers } from './counted-timers.js'

/** What the modules of the client and of React's layer have taken from the page, and not given back. */
export interface Held {
  readonly timers: number
  /** On `window` and `document`. */
  readonly listeners: number
  /** Between tabs. */
  readonly channels: number
}

/** Counts from now on. The server in the same process, React and the test hold what they like. */
export function countHeld(): () => Held {
  const { open, ...timers } = countedTimers(isAskedByOurs)
  replace(globalThis, timers)
  const listeners = [window, document].map(countListeners)
  const channels = countChannels()
  return () => ({
    timers: open.size,
    listeners: listeners.reduce((sum, { size }) => sum + size, 0),
    channels: channels.size,
  })
}

/** Whether a function that was put in the place of a global one is called by a module of ours. */
function isAskedByOurs(): boolean {
  const { prepareStackTrace } = Error
  let caller = ''
  // This function and that one stand above it. Its place in the source, which takes long to find, is not wanted.
  Error.prepareStackTrace = (_error, calls) => {
    caller = calls[2]?.getFileName() ?? ''
  }
  void new Error('who asks').stack
  Error.prepareStackTrace = prepareStackTrace
  return /\/src\/(client|react)\//.test(caller) && !caller.includes('.test.')
}

function replace(target: object, parts: object): void {
  const before: PropertyDescriptorMap = Object.getOwnPropertyDescriptors(target)
  for (const [name, value] of Object.entries(parts)) {
    Object.defineProperty(target, name, { value, configurable: true, writable: true })
    const own = before[name]
    onTestFinished(() => {
      if (own === undefined) Reflect.deleteProperty(target, name)
      else Object.defineProperty(target, name, own)
    })
  }
}

type Listening = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>

function countListeners(target: Listening): ReadonlySet<unknown> {
  const held = new Set<{ readonly type: string; readonly listener: unknown }>()
  const { addEventListener, removeEventListener } = target
  function drop(type: string, listener: unknown): void {
    for (const each of held) if (each.type === type && each.listener === listener) held.delete(each)
  }
  const counted: Listening = {
    addEventListener(type, listener, options) {
      drop(type, listener)
      if (isAskedByOurs()) held.add({ type, listener })
      if (typeof options === 'object')
        options.signal?.addEventListener('abort', () => drop(type, listener))
      addEventListener.call(target, type, listener, options)
    },
    removeEventListener(type, listener, options) {
      drop(type, listener)
      removeEventListener.call(target, type, listener, options)
    },
  }
  replace(target, counted)
  return held
}

function countChannels(): ReadonlySet<unknown> {
  const held = new Set<unknown>()
  class CountedChannel extends BroadcastChannel {
    constructor(name: string) {
      super(name)
      held.add(this)
    }

    override close(): void {
      held.delete(this)
      super.close()
    }
  }
  replace(globalThis, { BroadcastChannel: CountedChannel })
  return held
}
