export {
  type ChatTransportOptions,
  createChatTransport,
  type LonghaulChatTransport,
} from './create-chat-transport.js'
