// A process of an app that is upgraded.
import { serve, stepped } from './serve.mjs'

await serve([stepped])
