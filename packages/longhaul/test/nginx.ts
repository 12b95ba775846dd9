/** An nginx before a server: Debian's, on a port and with a directory of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { makeTemporaryDirectory } from '../src/postgres/index.js'
import { freePort } from './free-port.js'

/** @returns the port on which it passes everything on to `port`; `settings` are of its `location` */
export async function startNginx(port: number, settings = ''): Promise<number> {
  const { path, remove } = await makeTemporaryDirectory('longhaul-nginx-')
  onTestFinished(remove)
  const listensOn = await freePort()
  const file = join(path, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  await writeFile(
    file,
    `daemon off;
master_process off;
pid ${path}/pid;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${path}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${listensOn};
    location / {
      proxy_pass http://127.0.0.1:${port};
      ${settings}
    }
  }
}
`,
  )
  const nginx = spawn('nginx', ['-e', 'stderr', '-p', path, '-c', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
  })
  const gone = once(nginx, 'exit')
  onTestFinished(async () => {
    nginx.kill('SIGKILL')
    await gone
  })
  while (!(await isOpen(listensOn))) {
    if (nginx.exitCode !== null) throw new Error('nginx ended before it could be asked')
    await delay(20)
  }
  return listensOn
}

async function isOpen(port: number): Promise<boolean> {
  try {
    await (await fetch(`http://127.0.0.1:${port}/`)).text()
    return true
  } catch {
    return false
  }
}
