import { type ReactElement, useState } from 'react'
import { JobList } from 'longhaul/react'
import { PageHeading } from '../shell/page-heading.js'
import { addressOf } from '../shell/use-place.js'
import { jobLabel, jobTypes } from './job-words.js'

const everyType = ''

/** All that was ever asked for and is still kept, of every type. */
export function JobsPage(): ReactElement {
  const [type, setType] = useState(everyType)
  return (
    <>
      <title>Jobs · Longhaul Studio</title>
      <header className="page-head page-head-with-action">
        <div>
          <PageHeading>Jobs</PageHeading>
          <p className="lead">Everything that you have asked for, as it happens.</p>
        </div>
        <label className="select-field">
          <span>Type</span>
          <select value={type} onChange={({ target }) => setType(target.value)}>
            <option value={everyType}>All types</option>
            {Object.entries(jobTypes).map(([value, { name }]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </header>
      <JobList
        key={type}
        filter={type === everyType ? {} : { type: [type] }}
        labelOf={jobLabel}
        hrefOf={({ id }) => addressOf('jobs', id)}
      />
    </>
  )
}
