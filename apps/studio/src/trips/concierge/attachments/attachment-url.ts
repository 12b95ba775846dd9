/** Where the studio serves what was attached to a question: the URL of its file part. */
export function attachmentUrl(id: string): string {
  return `/api/chat/attachments/${id}`
}

/** @returns nothing for the URL of anything else */
export function attachmentIdOf(url: string): string | undefined {
  return /^\/api\/chat\/attachments\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(url)?.[1]
}
