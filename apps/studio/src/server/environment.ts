import { resolve } from 'node:path'
import type { Provider } from '../goals/provider.js'
import type { ModelOptions } from '../model/open-model.js'

/** What the environment says, checked. */
export interface Environment {
  readonly port: number
  readonly dataDirectory: string
  /** The user's own Postgres; without it the embedded one. */
  readonly databaseUrl: string | undefined
  /** Without it the offline writer writes. */
  readonly model: ModelOptions | undefined
  /** Where an outside back end answers in the chat, if there is one. */
  readonly backendUrl: string | undefined
  /** Whom people may ask with keys of their own, and the key that seals these. */
  readonly provider: (Provider & { readonly secretKey: string }) | undefined
}

/** A mistake of whoever starts the studio: its message says all that there is to say. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return {
    port: readPort(env['PORT']),
    dataDirectory: resolve(env['LONGHAUL_DATA'] || '.longhaul'),
    databaseUrl: readUrl('DATABASE_URL', env['DATABASE_URL'], ['postgres:', 'postgresql:']),
    model: readModel(env),
    backendUrl: readUrl('STUDIO_BACKEND_URL', env['STUDIO_BACKEND_URL'], ['http:', 'https:']),
    provider: readProvider(env),
  }
}

function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 3000
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new StartError(
    `PORT is ${JSON.stringify(text)}, which is no port, so the studio was not started. Give a number from 0 (any free port) to 65535.`,
  )
}

function readModel(env: Readonly<Record<string, string | undefined>>): ModelOptions | undefined {
  const url = readUrl('STUDIO_MODEL_URL', env['STUDIO_MODEL_URL'], ['http:', 'https:'])
  if (url === undefined) return undefined
  const model = env['STUDIO_MODEL']
  if (model) return { url, model, key: env['STUDIO_MODEL_KEY'] || undefined }
  throw new StartError(
    'STUDIO_MODEL_URL is set without STUDIO_MODEL, so it is not known which model to ask. Set STUDIO_MODEL to its name, or unset both for the offline writer.',
  )
}

function readProvider(env: Readonly<Record<string, string | undefined>>): Environment['provider'] {
  const url = readUrl('STUDIO_PROVIDER_URL', env['STUDIO_PROVIDER_URL'], ['http:', 'https:'])
  if (url === undefined) return undefined
  const [model, secretKey] = [env['STUDIO_PROVIDER_MODEL'], env['STUDIO_SECRET_KEY']]
  if (model && secretKey) return { url, model, secretKey }
  throw new StartError(
    'STUDIO_PROVIDER_URL is set without STUDIO_PROVIDER_MODEL and STUDIO_SECRET_KEY, so users’ keys could not be used. Set the first to the name of a model, and the second to what `openssl rand -base64 32` prints; or unset all three.',
  )
}

function readUrl(
  name: string,
  text: string | undefined,
  protocols: readonly string[],
): string | undefined {
  if (text === undefined || text === '') return undefined
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text
  // The value may hold a password or a key, so it is not repeated.
  throw new StartError(
    `${name} is not a URL that begins with ${protocols.map((each) => `${each}//`).join(' or ')}, so the studio was not started. Correct it, or unset it.`,
  )
}
