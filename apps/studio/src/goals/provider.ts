/** A provider with an OpenAI-compatible API, which people ask with keys of their own. */
export interface Provider {
  /** `https://api.example.com/v1` */
  readonly url: string
  readonly model: string
}

/** As the page names it. */
export interface AboutProvider {
  readonly host: string
  readonly model: string
}

export function aboutProvider({ url, model }: Provider): AboutProvider {
  return { host: new URL(url).host, model }
}

/** The secret of a job that has such a key. */
export const ownKey = 'own_key'
