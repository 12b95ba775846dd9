import { openQueue } from './open-queue.mjs'

export const open = (context) => openQueue(context, async ({ data }, handle) => handle(data))
