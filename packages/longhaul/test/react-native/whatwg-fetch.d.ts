/** The polyfill that React Native's `fetch` is. It has no types of its own. */
declare module 'whatwg-fetch' {
  export const Headers: typeof globalThis.Headers
  export const Request: typeof globalThis.Request
  export const Response: typeof globalThis.Response
}
