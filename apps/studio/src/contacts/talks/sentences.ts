import { splitSentences } from '../../text/split-sentences.js'
import type { Talk } from '../contact.js'

/** A sentence of what was noted, and of which talk. */
export interface Said {
  readonly text: string
  readonly talk: Talk
}

export function sentencesOf(talks: readonly Talk[]): Said[] {
  return talks.flatMap((talk) => splitSentences(talk.text).map((text) => ({ text, talk })))
}

/** 1 for now, and half of it for each month that has passed. */
export function freshness({ at }: Talk, nowMs: number): number {
  return 0.5 ** (Math.max(0, nowMs - Date.parse(at)) / monthMs)
}

const monthMs = 30 * 86_400_000
