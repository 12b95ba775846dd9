import type { ReactElement } from 'react'
import { attachmentUrl } from '../../../trips/concierge/attachments/attachment-url.js'
import { sizeInWords } from '../../../trips/concierge/attachments/size-in-words.js'
import { FileIcon } from './file-icon.js'
import type { Attached } from './use-attachments.js'

export interface AttachedFilesProps {
  readonly attached: readonly Attached[]
  readonly onRemove: (id: string) => void
}

/** What goes with the next question. */
export function AttachedFiles({ attached, onRemove }: AttachedFilesProps): ReactElement {
  return (
    <div role="status" className="attached">
      {attached.length > 0 && (
        <ul className="attached-files" aria-label="Attached files">
          {attached.map(({ id, name, kept }) => (
            <li key={id} className="attached-file" data-kept={kept !== undefined}>
              {kept?.mediaType.startsWith('image/') === true ? (
                <img className="attached-picture" src={attachmentUrl(id)} alt="" />
              ) : (
                <FileIcon />
              )}
              <span className="attached-name">{name}</span>
              <span className="muted">{kept ? sizeInWords(kept.sizeBytes) : 'Sending…'}</span>
              <button
                type="button"
                className="attached-remove"
                aria-label={`Remove ${name}`}
                onClick={() => onRemove(id)}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
