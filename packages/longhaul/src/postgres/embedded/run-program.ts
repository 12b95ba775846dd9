import { execFile } from 'node:child_process'
import { basename } from 'node:path'

/** The account that the server's programs run under. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * Run a program to its end and return what it printed. Its locale is C, so that its messages and
 * the files it makes do not depend on the machine.
 *
 * @throws an Error that names the program and repeats what it said
 */
export function runProgram(
  file: string,
  args: readonly string[],
  account?: Account,
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      file,
      args,
      // The working directory of a root shell may be closed to the account; / never is.
      { cwd: '/', env: { ...process.env, LC_ALL: 'C', LANG: 'C' }, ...account },
      (error, out, err) => {
        if (error === null) return resolve(out)
        const said = (err || out || error.message).trim()
        reject(new Error(`${basename(file)}: ${said}`, { cause: error }))
      },
    )
  })
}
