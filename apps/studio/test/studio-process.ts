/** The studio as its users run it: a process of its own, with the embedded Postgres in its own directory. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const main = fileURLToPath(new URL('../dist/server/main.js', import.meta.url))

export interface StudioProcess {
  readonly url: string
  readonly port: number
  readonly child: ChildProcess
  /** Ctrl-C. @returns the exit code */
  stop(): Promise<number | null>
  /** `kill -9` of the studio and of its Postgres, as when the power fails. */
  killEverything(): Promise<void>
}

export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A data directory that every account may enter; remove it with `removeData`. */
export async function makeDataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'longhaul-studio-'))
  await chmod(directory, 0o755)
  return directory
}

export async function removeData(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true })
}

/** Runs until it has said its address. @throws what it said instead */
export async function startStudio(data: string, env: Environment = {}): Promise<StudioProcess> {
  const child = run(data, env)
  const { url, said } = await firstAddress(child)
  if (url === undefined) throw new Error(`The studio did not start: ${said}`)
  return {
    url,
    port: Number(new URL(url).port),
    child,
    async stop() {
      child.kill('SIGINT')
      if (child.exitCode === null) await once(child, 'exit')
      return child.exitCode
    },
    async killEverything() {
      const victims = await postgresProcesses(data)
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      for (const pid of victims) killIfThere(pid)
      await gone
    },
  }
}

type Environment = Readonly<Record<string, string>>

/** For a start that should fail: runs to its end. */
export async function runToEnd(data: string, env: Environment = {}): Promise<Ended> {
  const child = run(data, env)
  let [stdout, stderr] = ['', '']
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  await once(child, 'close')
  return { exitCode: child.exitCode, stdout, stderr }
}

function run(data: string, env: Environment): ChildProcess {
  const { PATH, HOME } = process.env
  return spawn(process.execPath, [main], {
    env: { PATH, HOME, PORT: '0', LONGHAUL_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function firstAddress(child: ChildProcess): Promise<{ url?: string; said: string }> {
  let said = ''
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return new Promise((resolve) => {
    child.once('close', () => resolve({ said }))
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (url !== undefined) resolve({ url, said })
    })
  })
}

/** The server of a data directory and its children; none when it does not run. */
export async function postgresProcesses(data: string): Promise<number[]> {
  const file = await readFile(join(data, 'postgres/postmaster.pid'), 'utf8').catch(() => undefined)
  if (file === undefined) return []
  const server = Number(file.split('\n')[0])
  const all = await listProcesses()
  return all.filter(({ pid, parent }) => pid === server || parent === server).map(({ pid }) => pid)
}

/** Which of the processes still run. One that has ended and was not yet collected does not. */
export async function runningOf(pids: readonly number[]): Promise<number[]> {
  const all = await listProcesses()
  return pids.filter((wanted) =>
    all.some(({ pid, state }) => pid === wanted && !state.startsWith('Z')),
  )
}

interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly state: string
}

async function listProcesses(): Promise<ProcessEntry[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,state='])
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), state: state! }
    })
}

/** One of them can end by itself once it has seen that another is gone. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
