import { type ReactElement, useState } from 'react'

export interface ApprovalCardProps {
  readonly trip: { readonly destination: string; readonly days: number }
  readonly isWaiting: boolean
  readonly onDecide: (approved: boolean) => Promise<void>
}

/** The assistant asks before it does something in one's name. */
export function ApprovalCard({ trip, isWaiting, onDecide }: ApprovalCardProps): ReactElement {
  const [isDeciding, setIsDeciding] = useState(false)
  const { destination, days } = trip

  async function decide(approved: boolean): Promise<void> {
    setIsDeciding(true)
    await onDecide(approved)
    setIsDeciding(false)
  }

  return (
    <div className="card chat-approval" role="group" aria-label="The assistant asks">
      <p>
        Plan a trip to <strong>{destination}</strong>, {days === 1 ? 'one day' : `${days} days`}?
      </p>
      <div className="chat-approval-buttons">
        <button
          type="button"
          className="button button-main"
          disabled={!isWaiting || isDeciding}
          onClick={() => void decide(true)}
        >
          Plan it
        </button>
        <button
          type="button"
          className="button"
          disabled={!isWaiting || isDeciding}
          onClick={() => void decide(false)}
        >
          Do not
        </button>
      </div>
    </div>
  )
}
