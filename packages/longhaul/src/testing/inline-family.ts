import type { Duration, JobDefinition, Logger } from '../core/index.js'
import { parseDuration } from '../core/index.js'

/** One of the jobs of a family, as far as the others are concerned. */
export interface Member {
  canGoOn(): boolean
  /** Run one attempt. */
  attempt(): Promise<void>
  /** On the family's clock; `undefined` when time does nothing. */
  dueAtMs(): number | undefined
}

/** A job run inline and all that it has spawned: they have one clock, and are run one after the other. */
export interface Family {
  readonly definitions: ReadonlyMap<string, JobDefinition>
  readonly logger: Logger
  makeId(): string
  join(member: Member): void
  nowMs(): number
  /** Run all of them as far as they can go. */
  goOn(): Promise<void>
  /** Move the clock, by default to the next time for which one of them waits. */
  advance(duration: Duration | undefined): void
}

export function createFamily(definitions: readonly JobDefinition[], logger: Logger): Family {
  const members: Member[] = []
  let nowMs = 0
  let ids = 0
  return {
    definitions: new Map(definitions.map((definition) => [definition.type, definition])),
    logger,
    makeId: () => `00000000-0000-7000-8000-${String(ids++).padStart(12, '0')}`,
    join: (member) => void members.push(member),
    nowMs: () => nowMs,
    async goOn() {
      const next = (): Member | undefined => members.find((member) => member.canGoOn())
      for (let member = next(); member !== undefined; member = next()) await member.attempt()
    },
    advance(duration) {
      if (duration !== undefined) {
        nowMs += parseDuration('the time to advance', duration)
        return
      }
      const due = members.flatMap((member) => member.dueAtMs() ?? [])
      if (due.length > 0) nowMs = Math.max(nowMs, Math.min(...due))
    },
  }
}
