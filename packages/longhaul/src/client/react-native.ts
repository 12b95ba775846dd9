import type { WakeUps } from './wake-ups.js'

/** What is used of React Native's own `AppState`. */
export interface AppStateLike {
  addEventListener(type: 'change', listener: (state: string) => void): { remove(): void }
}

/** What is used of `@react-native-community/netinfo`. */
export interface NetInfoLike {
  addEventListener(listener: (state: { readonly isConnected: boolean | null }) => void): () => void
}

export interface ReactNativeWakeUpsOptions {
  readonly AppState: AppStateLike
  /** Absent: the device counts as online, and that it is again is noticed by trying. */
  readonly NetInfo?: NetInfoLike
}

/**
 * The `wakeUps` of a client in React Native: the app is in front again, the network is there again.
 *
 * @example
 * createClient({ url, getToken, wakeUps: reactNativeWakeUps({ AppState, NetInfo }) })
 */
export function reactNativeWakeUps({ AppState, NetInfo }: ReactNativeWakeUpsOptions): WakeUps {
  // `null` is what NetInfo says before it knows.
  let isConnected: boolean | null = null
  return {
    isOnline: () => isConnected !== false,
    subscribe(listener) {
      const subscription = AppState.addEventListener('change', (state) => {
        if (state === 'active') listener()
      })
      const stopListening = NetInfo?.addEventListener((state) => {
        const before = isConnected
        isConnected = state.isConnected
        if ((before === false) !== (isConnected === false)) listener()
      })
      return () => {
        subscription.remove()
        stopListening?.()
      }
    },
  }
}
