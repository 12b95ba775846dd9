import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vitest/config'
import { language, reactNative } from './globals.js'

const globals = fileURLToPath(new URL('globals.ts', import.meta.url))
const layers = ['client', 'react'].map((name) =>
  fileURLToPath(new URL(`../../src/${name}/`, import.meta.url)),
)

/** What Node.js has beyond the language: each becomes React Native's, or undefined. */
const names = [...Object.getOwnPropertyNames(globalThis), ...Object.keys(reactNative), 'globalThis']
  .filter((name) => /^[a-zA-Z]\w*$/.test(name))
  .filter((name) => name === 'globalThis' || !language.includes(name))

/**
 * Gives the modules of the client and of React's layer the globals of React Native. React, and the server in the same
 * process, keep those of Node.js, so each module gets them as constants of its own.
 */
export function withReactNativeGlobals(): Plugin {
  return {
    name: 'react-native-globals',
    enforce: 'pre',
    transform(code, id) {
      if (!layers.some((layer) => id.startsWith(layer)) || id.includes('.test.')) return undefined
      const constants = [...new Set(names)].join(', ')
      // On the first line, so that all lines keep their numbers.
      return `import { reactNative } from '${globals}'; const { ${constants} } = reactNative; ${code}`
    },
  }
}
