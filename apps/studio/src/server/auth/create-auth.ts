import { betterAuth } from 'better-auth'
import { bearer } from 'better-auth/plugins/bearer'
import { organization } from 'better-auth/plugins/organization'
import type pg from 'pg'

export interface AuthOptions {
  /** With `search_path` set to the schema of the sign-in. */
  readonly pool: pg.Pool
  readonly secret: string
  readonly port: number
}

export type Auth = ReturnType<typeof createAuth>

/** The sign-in: email and password, organisations, cookies for browsers and bearer tokens for everything else. */
export function createAuth({ pool, secret, port }: AuthOptions) {
  const origins = originsOf(port)
  return betterAuth({
    appName: 'Longhaul Studio',
    baseURL: origins[0],
    trustedOrigins: origins,
    secret,
    database: pool,
    emailAndPassword: { enabled: true },
    plugins: [bearer(), organization()],
    // Every client of this demo has the address 127.0.0.1, so a limit by address would be one for all.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => ({
            data: {
              ...session,
              activeOrganizationId: await firstOrganization(pool, session.userId),
            },
          }),
        },
      },
    },
  })
}

/** To a browser these are two sites: both are this one. */
function originsOf(port: number): string[] {
  return [`http://127.0.0.1:${port}`, `http://localhost:${port}`]
}

async function firstOrganization(pool: pg.Pool, userId: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    'select "organizationId" as id from member where "userId" = $1 order by "createdAt" limit 1',
    [userId],
  )
  return rows[0]?.id ?? null
}
