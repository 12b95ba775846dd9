import { useState } from 'react'
import type { Attachment } from '../../../trips/concierge/attachments/attachment.js'
import {
  attachable,
  mostAttachments,
  mostImageBytes,
} from '../../../trips/concierge/attachments/attachment-limits.js'
import { removeAttachment, sendAttachment } from '../chat-api.js'
import type { Notify } from '../use-notices.js'

/** A file that is to go with the next question. */
export interface Attached {
  readonly id: string
  readonly name: string
  /** Nothing while it is on its way to the studio. */
  readonly kept: Attachment | undefined
}

export interface UseAttachments {
  readonly attached: readonly Attached[]
  attach(files: readonly File[]): void
  remove(id: string): void
  /** They have gone with a question. */
  clear(): void
}

/** The files of the next question. Each is sent to the studio at once; what it refuses is told. */
export function useAttachments(notify: Notify): UseAttachments {
  const [attached, setAttached] = useState<readonly Attached[]>([])

  function forget(id: string): void {
    setAttached((all) => all.filter((each) => each.id !== id))
  }

  async function keep(file: File): Promise<void> {
    const { name } = file
    const id = crypto.randomUUID()
    setAttached((all) => [...all, { id, name, kept: undefined }])
    try {
      const kept = await sendAttachment(id, file)
      setAttached((all) => all.map((each) => (each.id === id ? { ...each, kept } : each)))
    } catch (error) {
      forget(id)
      notify(`${name} was not attached. ${error instanceof Error ? error.message : ''}`)
    }
  }

  return {
    attached,
    attach(files) {
      const room = mostAttachments - attached.length
      const left = files.slice(room).map(({ name }) => name)
      if (left.length > 0)
        notify(`One message has at most ${mostAttachments} files. Left out: ${left.join(', ')}.`)
      for (const file of files.slice(0, room)) {
        if (file.size <= mostImageBytes) void keep(file)
        else notify(`${file.name} is too large: ${attachable} can be attached.`)
      }
    },
    remove(id) {
      forget(id)
      // What is left of it the studio removes after a day.
      removeAttachment(id).catch(() => undefined)
    },
    clear: () => setAttached([]),
  }
}
