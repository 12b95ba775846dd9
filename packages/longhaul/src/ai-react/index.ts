export { useChatTransport } from './use-chat-transport.js'
