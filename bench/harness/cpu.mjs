import { readdirSync, readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** CPU-seconds of a process, its children and those that it has reaped; undefined off Linux. */
export function cpuSeconds(root) {
  if (process.platform !== 'linux') return undefined
  const processes = new Map()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const found = statOf(pid)
    if (found !== undefined) processes.set(Number(pid), found)
  }
  const isBelow = (pid) => {
    for (let at = pid; at > 1; at = processes.get(at)?.parent ?? 0) if (at === root) return true
    return false
  }
  let ticks = 0
  for (const [pid, { used }] of processes) if (isBelow(pid)) ticks += used
  return ticks / ticksPerSecond
}

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [user, system, reapedUser, reapedSystem] = fields.slice(11, 15).map(Number)
    return { parent: Number(fields[1]), used: user + system + reapedUser + reapedSystem }
  } catch {
    return undefined // it has ended meanwhile
  }
}
