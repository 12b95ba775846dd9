export {
  type AnswerStream,
  type ChatAnswer,
  type ChatContext,
  type ChatOptions,
  type ChatRequest,
  defineChat,
} from './define-chat.js'
export { generateTextStep, type TextRequest, type WrittenText } from './generate-text-step.js'
