export {
  type ChatQuestion,
  type ChatTransportOptions,
  createChatTransport,
  type LonghaulChatTransport,
  type ToolApproval,
} from './create-chat-transport.js'
