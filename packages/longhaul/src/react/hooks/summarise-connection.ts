import type { ConnectionStatus } from '../../client/index.js'

export type ConnectionSummary = 'connected' | 'polling' | 'disconnected'

/** How the page is connected in one of three words, for apps that show no more. */
export function summariseConnection({ state }: Pick<ConnectionStatus, 'state'>): ConnectionSummary {
  if (state === 'live') return 'connected'
  return state === 'polling' ? 'polling' : 'disconnected'
}
