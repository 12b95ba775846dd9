import { type ReactElement, useState } from 'react'
import type { TripRequest } from '../../trips/request/trip-request.js'
import { GoalsPage } from '../goals/goals-page.js'
import { ComparePage } from '../compare/compare-page.js'
import { ComparisonPage } from '../compare/comparison-page.js'
import { ChatPage } from '../chat/chat-page.js'
import { ContactsPage } from '../contacts/contacts-page.js'
import { JobPage } from '../jobs/job-page.js'
import { JobsPage } from '../jobs/jobs-page.js'
import { OptimisationPage } from '../optimise/optimisation-page.js'
import { OptimisePage } from '../optimise/optimise-page.js'
import { NotePage } from '../notes/note-page.js'
import { NotesPage } from '../notes/notes-page.js'
import { ProfilePage } from '../profile/profile-page.js'
import { AnswerPage } from '../research/answer-page.js'
import { ResearchPage } from '../research/research-page.js'
import { SchedulesPage } from '../schedules/schedules-page.js'
import { NewTripPage } from '../trips/new-trip-page.js'
import { TripPage } from '../trips/trip-page.js'
import { TripSidebar } from '../trips/trip-sidebar.js'
import { TripsPage } from '../trips/trips-page.js'
import { NotFoundPage } from './not-found-page.js'
import { addressOf, goTo } from './use-place.js'
import type { WorkspaceProps } from './workspace.js'

/** The page of a place, and what stands beside it on a desk. */
export function Pages({ me, place, actions }: WorkspaceProps): ReactElement {
  const [draft, setDraft] = useState<TripRequest>()
  const { section, id } = place
  const hasTripsBeside = section === 'home' || (section === 'trips' && id !== undefined)

  function change(request: TripRequest): void {
    setDraft(request)
    goTo(addressOf('home'))
  }

  return (
    <div className="workspace-columns" data-beside={hasTripsBeside}>
      {hasTripsBeside && <TripSidebar openId={id} />}
      <main className="workspace-main" id="content" tabIndex={-1}>
        {page()}
      </main>
    </div>
  )

  function page(): ReactElement {
    switch (section) {
      case 'home':
      case 'sign-up':
        return <NewTripPage key={JSON.stringify(draft)} draft={draft} onRefused={setDraft} />
      case 'trips':
        return id === undefined ? <TripsPage /> : <TripPage key={id} id={id} onChange={change} />
      case 'compare':
        return id === undefined ? <ComparePage /> : <ComparisonPage key={id} id={id} />
      case 'schedules':
        return id === undefined ? <SchedulesPage /> : <NotFoundPage />
      case 'chat':
        return <ChatPage openId={id} />
      case 'optimise':
        return id === undefined ? <OptimisePage /> : <OptimisationPage key={id} id={id} />
      case 'goals':
        return id === undefined ? <GoalsPage /> : <NotFoundPage />
      case 'contacts':
        return <ContactsPage me={me} openId={id} />
      case 'jobs':
        return id === undefined ? <JobsPage /> : <JobPage key={id} id={id} />
      case 'profile':
        return <ProfilePage me={me} actions={actions} />
      case 'research':
        return id === undefined ? <ResearchPage me={me} /> : <AnswerPage key={id} id={id} />
      case 'notes':
        return id === undefined ? <NotesPage me={me} /> : <NotePage key={id} id={id} />
      case 'unknown':
        return <NotFoundPage />
      default:
        return section satisfies never
    }
  }
}
