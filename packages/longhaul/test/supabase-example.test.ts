import { execFile, spawn } from 'node:child_process'
import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../src/cli/run-cli.js'
import { startTestDatabase, type TestDatabase } from '../src/testing/index.js'
import { urlOf } from './database.js'

const example = fileURLToPath(new URL('../../../examples/supabase', import.meta.url))
const bin = fileURLToPath(new URL('../../../node_modules/.bin/', import.meta.url))
const run = promisify(execFile)

/** What a project of Supabase has before Longhaul comes: roles, of which `owner` is its `postgres`, and functions. */
const projectScript = `
  create role owner login createrole createdb bypassrls replication;
  create role anon nologin;
  create role authenticated nologin;
  create role service_role nologin bypassrls;
  create role authenticator login noinherit;
  create role supabase_auth_admin nologin noinherit;
  grant anon, authenticated, service_role to authenticator;
  create database project owner owner;`

const databaseScript = `
  create schema auth;
  create table auth.users (id uuid primary key, email text);
  create function auth.jwt() returns jsonb language sql stable as $$
    select coalesce(
      nullif(current_setting('request.jwt.claim', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')
    )::jsonb $$;
  create function auth.uid() returns uuid language sql stable as $$
    select (auth.jwt() ->> 'sub')::uuid $$;
  grant usage on schema auth to owner, anon, authenticated, service_role;
  grant select, references on auth.users to owner;
  grant all on schema public to owner with grant option;
  grant usage on schema public to anon, authenticated, service_role, supabase_auth_admin;
  create publication supabase_realtime;
  alter publication supabase_realtime owner to owner;`

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const users = { ada: randomUUID(), bob: randomUUID(), mallory: randomUUID() }

let server: TestDatabase
let connection: pg.ClientConfig
let admin: pg.Client
let supabaseUrl: string
let closeSupabase: () => Promise<void>

beforeAll(async () => {
  server = await startTestDatabase()
  const first = new pg.Client(server.database)
  await first.connect()
  // Not in one transaction: a database cannot be made in one.
  for (const statement of projectScript.split(';').filter((each) => each.trim() !== ''))
    await first.query(statement)
  await first.end()
  connection = { ...(server.database as pg.ClientConfig), database: 'project' }
  admin = new pg.Client(connection)
  await admin.connect()
  await admin.query(databaseScript)
  ;[supabaseUrl, closeSupabase] = await servePublicKeys()
}, 60_000)
afterAll(async () => {
  await admin.end()
  await closeSupabase()
  await server.stop()
})

/** As the project of Supabase does, for whoever has a token to check. */
async function servePublicKeys(): Promise<[string, () => Promise<void>]> {
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }
  const api = createServer((request, response) => {
    const isKeys = request.url === '/auth/v1/.well-known/jwks.json'
    response.writeHead(isKeys ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isKeys ? { keys: [jwk] } : {}))
  }).listen(0, '127.0.0.1')
  await once(api, 'listening')
  const close = async (): Promise<void> => {
    api.closeAllConnections()
    api.close()
    await once(api, 'close')
  }
  return [`http://127.0.0.1:${(api.address() as AddressInfo).port}`, close]
}

/** The claims of a token as Supabase Auth makes them: its own, and then the hook. */
async function claimsOf(userId: string, metadata: object = {}): Promise<Record<string, unknown>> {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: `${supabaseUrl}/auth/v1`,
    sub: userId,
    aud: 'authenticated',
    role: 'authenticated',
    exp: now + 3600,
    iat: now,
    app_metadata: { provider: 'email' },
    user_metadata: metadata,
  }
  await admin.query('set role supabase_auth_admin')
  const { rows } = await admin
    .query<{
      event: { claims: Record<string, unknown> }
    }>('select public.tenant_in_token($1) as event', [{ user_id: userId, claims }])
    .finally(() => void admin.query('reset role'))
  return rows[0]!.event.claims
}

function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'ES256', typ: 'JWT', kid: 'k1' })}.${part(claims)}`
  const key = { key: keys.privateKey, dsaEncoding: 'ieee-p1363' } as const
  return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`
}

/** Reads as PostgREST does: as the role of the token, with its claims, in a transaction. */
async function readAs(role: string, claims: object): Promise<string[]> {
  const client = new pg.Client({ ...connection, user: 'authenticator' })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`set local role ${role}`)
    await client.query(`select set_config('request.jwt.claims', $1, true)`, [
      JSON.stringify(claims),
    ])
    const { rows } = await client.query<{ id: string }>('select id from longhaul_api.jobs')
    return rows.map(({ id }) => id)
  } finally {
    await client.end()
  }
}

async function longhaul(...args: readonly string[]): Promise<void> {
  const said: string[] = []
  const say = (line: string): void => void said.push(line)
  const env = { DATABASE_URL: urlOf({ ...connection, user: 'owner' }) }
  expect(await runCli({ args, env, print: say, printError: say }), said.join('\n')).toBe(0)
}

describe('the example for Supabase', () => {
  it('has types, and its page is bundled', { timeout: 120_000 }, async () => {
    // `execFile` rejects with what the compiler says.
    expect(await run(`${bin}tsc`, [], { cwd: example })).toMatchObject({ stdout: '' })
    await run(`${bin}vite`, ['build', '--logLevel', 'error'], { cwd: example })
  })

  it('is set up by a role that is no superuser, as its README says; then each token sees what is its own', async () => {
    await longhaul('migrate')
    await longhaul('rls', '--claims', 'authenticated', '--publication', 'supabase_realtime')
    for (const id of Object.values(users))
      await admin.query('insert into auth.users (id) values ($1)', [id])
    const owner = new pg.Client({ ...connection, user: 'owner' })
    await owner.connect()
    await owner.query(await readFile(`${example}/supabase/tenants.sql`, 'utf8'))
    await owner.query(`insert into public.members values ($1, 'acme'), ($2, 'globex')`, [
      users.ada,
      users.bob,
    ])
    await owner.end()

    const child = spawn(process.execPath, ['server.js'], {
      cwd: example,
      env: {
        ...process.env,
        SUPABASE_URL: supabaseUrl,
        SUPABASE_KEY: 'sb_publishable_test',
        DATABASE_URL: urlOf({ ...connection, user: 'owner' }),
        PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const [text] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
      const jobs = `${/http:\S+/.exec(text)![0]}/api/longhaul/jobs`
      const create = async (claims: object) => {
        const response = await fetch(jobs, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${tokenOf(claims)}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ type: 'count_words', input: { text: 'so it goes' } }),
        })
        return { status: response.status, json: (await response.json()) as { id: string } }
      }
      const [ada, bob] = [await claimsOf(users.ada), await claimsOf(users.bob)]
      const mallory = await claimsOf(users.mallory, { tenant_id: 'acme' })
      const [ofAda, ofBob] = [await create(ada), await create(bob)]
      expect([ofAda.status, ofBob.status, (await create(mallory)).status]).toEqual([201, 201, 401])
      expect((await create({ ...ada, exp: 1 })).status).toBe(401)

      expect(await readAs('authenticated', ada)).toEqual([ofAda.json.id])
      expect(await readAs('authenticated', bob)).toEqual([ofBob.json.id])
      expect(await readAs('authenticated', mallory)).toEqual([])
      for (const role of ['anon', 'service_role'])
        await expect(readAs(role, ada)).rejects.toThrow('permission denied')
    } finally {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    const { rows } = await admin.query(
      `select schemaname, tablename from pg_publication_tables where pubname = 'supabase_realtime'`,
    )
    expect(rows).toEqual([{ schemaname: 'longhaul', tablename: 'jobs' }])
  }, 60_000)
})
