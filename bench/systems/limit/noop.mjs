import { openQueue } from './open-queue.mjs'

export const open = (context) => openQueue(context, ({ payload, handle }) => handle(payload))
