import type { ReactElement } from 'react'
import type { Source } from '../../research/source.js'
import { addressOf } from '../shell/use-place.js'

export interface AnswerTextProps {
  readonly text: string
  readonly sources: readonly Source[]
}

/** The answer, with each citation a link to its note. */
export function AnswerText({ text, sources }: AnswerTextProps): ReactElement[] {
  return text.split(/\n{2,}/).map((paragraph, n) => (
    // Paragraphs are only ever added at the end.
    // oxlint-disable-next-line react/no-array-index-key
    <p key={n} className="answer-text">
      {paragraph.split(/(\[\d+\])/).map((piece, m) => {
        const source = sources.find(({ number }) => piece === `[${number}]`)
        if (source === undefined) return piece
        return (
          // oxlint-disable-next-line react/no-array-index-key
          <a key={m} className="citation" href={addressOf('notes', source.noteId)}>
            <span className="visually-hidden">Note </span>
            {source.number}
            <span className="visually-hidden">: {source.title}</span>
          </a>
        )
      })}
    </p>
  ))
}
