import type { OwnDatabase } from '../postgres/index.js'

/** Everything that a command may touch, so that a test can run it without a process. */
export interface CommandContext {
  readonly args: readonly string[]
  readonly db: OwnDatabase
  print(line: string): void
  printError(line: string): void
}

export interface Command {
  readonly name: string
  readonly usage: string
  /** Resolves to the exit code: 0 done, 1 not done, 2 misused. */
  run(context: CommandContext): Promise<0 | 1 | 2>
}
