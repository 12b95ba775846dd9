import type pg from 'pg'
import type { FoundNote, Library } from '../../research/library.js'

const mostNotes = 6
const mostSentences = 12
/** Round each match. Notes are plain text, where neither occurs. */
const marks = { start: '\u0002', stop: '\u0003' } as const

interface FoundRow extends Omit<FoundNote, 'excerpt'> {
  readonly headline: string
}

/** Full-text search over the notes of one organisation, by Postgres itself. */
export function createLibrary(pool: pg.Pool): Library {
  return {
    async search(tenantId, question) {
      const { rows } = await pool.query<FoundRow>(sql, [
        tenantId,
        question,
        `StartSel="${marks.start}", StopSel="${marks.stop}", MaxFragments=2, MaxWords=26, MinWords=10, FragmentDelimiter=" … "`,
        mostNotes,
        mostSentences,
      ])
      return rows.map(({ headline, ...note }) => ({ ...note, excerpt: partsOf(headline) }))
    },
  }
}

// A question has more words than any note that answers it, so one of them is enough; a note that has
// all of them comes first. Where something is to be left out (-word), that has to hold as it was asked.
const sql = `
  with asked as (
    select websearch_to_tsquery('english', $2) as all_words
  ),
  question as (
    select all_words,
           case when all_words::text like '%!%' then all_words
                else replace(all_words::text, ' & ', ' | ')::tsquery end as any_word
    from asked
  ),
  found as (
    select note.id, note.title, note.body, any_word,
           row_number() over (
             order by note.search @@ all_words desc, ts_rank(note.search, any_word) desc, note.id
           ) as place
    from studio.notes note, question
    where note.tenant_id = $1 and note.search @@ any_word
    order by place
    limit $4
  )
  select id as "noteId", title,
         ts_headline('english', body, any_word, $3) as headline,
         (
           select coalesce(json_agg(json_build_object('text', text, 'rank', rank) order by n), '[]')
           from (
             select text, n, ts_rank(to_tsvector('english', text), any_word) as rank
             from regexp_split_to_table(body, '(?<=[.!?])\\s+|\\n+') with ordinality as part (text, n)
             where text <> ''
             order by rank desc, n
             limit $5
           ) best
           where rank > 0 or n = 1
         ) as sentences
  from found
  order by place`

function partsOf(headline: string): FoundNote['excerpt'] {
  return headline
    .split(marks.start)
    .flatMap((piece, n) => {
      const [match = '', rest = ''] = n === 0 ? ['', piece] : piece.split(marks.stop)
      return [
        { text: match, isMatch: true },
        { text: rest, isMatch: false },
      ]
    })
    .filter(({ text }) => text !== '')
}
