/** A file that somebody has attached, without what is in it. */
export interface Attachment {
  readonly id: string
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
  /** Of an image, in pixels. */
  readonly width: number | null
  readonly height: number | null
}
