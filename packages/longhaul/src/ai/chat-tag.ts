/**
 * A tag for a chat, by which its answers are found. Tags are short and in lower case and ids are
 * not, so it is a hash (cyrb53, twice). Two chats of a user will not have the same one; what is found is compared all the same.
 */
export function chatTag(chatId: string): string {
  return `chat.${hash(chatId, 0)}${hash(chatId, 1)}`
}

function hash(text: string, seed: number): string {
  let a = 0xdeadbeef ^ seed
  let b = 0x41c6ce57 ^ seed
  for (let n = 0; n < text.length; n += 1) {
    const unit = text.charCodeAt(n)
    a = Math.imul(a ^ unit, 2_654_435_761)
    b = Math.imul(b ^ unit, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36)
}
