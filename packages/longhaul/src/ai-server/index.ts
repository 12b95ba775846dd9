export {
  type AnsweredContext,
  type AnswerStream,
  type ChatAnswer,
  type ChatContext,
  type ChatOptions,
  type ChatRequest,
  defineChat,
} from './define-chat.js'
export type { ToolOptions } from './durable-tools.js'
export { generateTextStep, type TextRequest, type WrittenText } from './generate-text-step.js'
