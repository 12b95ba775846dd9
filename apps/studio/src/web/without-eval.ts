import { config } from 'zod'

// The AI SDK checks what it reads with Zod, which tries whether it may compile code. The policy of the
// pages forbids that, and the browser would complain. Imported first: schemas look when they are made.
config({ jitless: true })
