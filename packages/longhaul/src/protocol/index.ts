export { formatKnownVersion, isNews, isSameJob, type Versioned } from './known-version.js'
export { asProblem, fromProblem, type Problem } from './problem.js'
export { type ClientMessage, closeCodes, rotateCode } from './socket.js'
export { encodeFrame, type EncodedFrame, formatSse } from './sse.js'
export {
  type ChunkFrame,
  type EndFrame,
  formatPlace,
  parsePlace,
  type StreamPlace,
  type StreamWatch,
  type WrittenFrame,
} from './stream.js'
export {
  asChange,
  type Frame,
  type FramedJob,
  type Goodbye,
  type FrameName,
  type Frames,
  type HelloFrame,
  type JobChange,
  type JobCounts,
  type JobFilter,
  type JobWatch,
  maxFramedResultBytes,
  type Watch,
  type WatchAnswer,
  type WatchRequest,
  type WindowFrame,
  type WindowWatch,
  withoutLargeResult,
} from './watch.js'
