import type { ReactElement } from 'react'
import type { Source } from '../../research/source.js'
import { addressOf } from '../shell/use-place.js'

export function Sources({ sources }: { sources: readonly Source[] }): ReactElement {
  return (
    <section aria-labelledby="sources">
      <h2 id="sources" className="section-head">
        From these notes
      </h2>
      <ol className="source-list">
        {sources.map(({ number, noteId, title, excerpt }) => (
          <li key={noteId} className="card source">
            <span className="citation" aria-hidden="true">
              {number}
            </span>
            <div>
              <a className="source-title" href={addressOf('notes', noteId)}>
                {title}
              </a>
              <p className="source-excerpt">
                {excerpt.map(({ text, isMatch }, n) => {
                  // oxlint-disable-next-line react/no-array-index-key
                  return isMatch ? <mark key={n}>{text}</mark> : text
                })}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
