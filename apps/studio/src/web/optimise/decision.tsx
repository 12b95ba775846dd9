import { type ReactElement, useState } from 'react'
import { LonghaulError } from 'longhaul'

export interface DecisionProps {
  readonly isSearching: boolean
  readonly hasFound: boolean
  readonly onDecide: (take: boolean) => Promise<void>
}

/** Take what was found, also before the search has come to its end, or leave the trip as it was. */
export function Decision({ isSearching, hasFound, onDecide }: DecisionProps): ReactElement {
  const [isDecided, setIsDecided] = useState(false)
  const [problem, setProblem] = useState<string>()

  async function decide(take: boolean): Promise<void> {
    setIsDecided(true)
    setProblem(undefined)
    try {
      await onDecide(take)
    } catch (error) {
      setIsDecided(false)
      setProblem(LonghaulError.is(error) ? error.message : 'It could not be sent. Try again.')
    }
  }

  return (
    <div className="decision">
      <button
        type="button"
        className="button button-main"
        disabled={isDecided || !hasFound}
        onClick={() => void decide(true)}
      >
        {isSearching ? 'Take it as it is' : 'Take it'}
      </button>
      {!isSearching && (
        <button
          type="button"
          className="button"
          disabled={isDecided}
          onClick={() => void decide(false)}
        >
          Leave the trip as it was
        </button>
      )}
      <p className="problem" role="alert">
        {problem}
      </p>
    </div>
  )
}
