import { answerFetchWith, type Fetch } from './react-native/globals.js'

/** In the project `react-native` of vitest.config.ts the client's modules have no globals but those of React Native. */
export const isReactNative = process.env['LONGHAUL_PLATFORM'] === 'react-native'

/** The client's option that lets it ask this server: there its platform's own `fetch` does. */
export function fetchOption(fetch: Fetch): { readonly fetch?: Fetch } {
  if (!isReactNative) return { fetch }
  answerFetchWith(fetch)
  return {}
}
