/** A clock that a test can set, for the processes of a server: by libfaketime. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { runProgram } from '../../src/postgres/embedded/run-program.js'
import { makeTemporaryDirectory } from '../../src/postgres/index.js'

export interface ShiftedClock {
  readonly environment: Readonly<Record<string, string>>
  /** From now on it is so far from the machine's. */
  set(seconds: number): Promise<void>
}

export async function shiftedClock(): Promise<ShiftedClock> {
  const { path, remove } = await makeTemporaryDirectory('longhaul-clock-')
  onTestFinished(remove)
  const file = join(path, 'clock')
  const set = (seconds: number): Promise<void> =>
    writeFile(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`)
  await set(0)
  return {
    set,
    environment: {
      LD_PRELOAD: (await runProgram('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'])).trim(),
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  }
}
