export { type ConnectionLimits, type Connections, defaultLimits } from './connections.js'
export { createHub, type Hub, type HubOptions, type Subscription } from './hub.js'
export type { Reader } from './reader.js'
export { createTickets, type Tickets } from './tickets.js'
