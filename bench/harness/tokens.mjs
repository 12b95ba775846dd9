import { wallMs } from './clock.mjs'

/** A token says which of its stream it is, and when it was made. */
export const tokenOf = (n) => `<${n}@${wallMs().toFixed(2)}>`

/** @returns `[number, madeAt]` for each token that is whole in the text */
export function tokensIn(text) {
  return [...text.matchAll(/<(\d+)@([\d.]+)>/g)].map(([, n, at]) => [Number(n), Number(at)])
}
