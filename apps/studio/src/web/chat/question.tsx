import type { ReactElement } from 'react'
import { FileIcon } from './attachments/file-icon.js'
import { type ChatMessage, textOf } from './chat-message.js'

/** What was asked, with what was attached to it. */
export function Question({ message }: { readonly message: ChatMessage }): ReactElement {
  const files = message.parts.filter((part) => part.type === 'file')
  const text = textOf(message)
  return (
    <div className="chat-asked">
      {files.length > 0 && (
        <ul className="chat-files" aria-label="Attached files">
          {files.map(({ url, mediaType, filename = 'file' }) => (
            <li key={url}>
              <a className="chat-file" href={url} target="_blank" rel="noreferrer">
                {mediaType.startsWith('image/') ? (
                  <img className="chat-picture" src={url} alt={filename} />
                ) : (
                  <>
                    <FileIcon />
                    {filename}
                  </>
                )}
              </a>
            </li>
          ))}
        </ul>
      )}
      {text !== '' && <p className="chat-question">{text}</p>}
    </div>
  )
}
