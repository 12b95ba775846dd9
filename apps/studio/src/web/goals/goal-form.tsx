import { type FormEvent, type ReactElement, useState } from 'react'
import type { AboutProvider } from '../../goals/provider.js'
import { Field } from '../controls/field.js'
import { OwnKey } from './own-key.js'
import { ProxyProgress } from './proxy-progress.js'
import { useAiProxy } from './use-ai-proxy.js'

/** @param provider nothing until it is known, `null` when there is none */
export function GoalForm({
  provider,
}: {
  provider: AboutProvider | null | undefined
}): ReactElement {
  const proxy = useAiProxy()
  const [wish, setWish] = useState('')
  const [key, setKey] = useState('')

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (proxy.isLoading) return
    const request = key === '' ? { input: wish } : { input: wish, user_provided_key: key }
    proxy.mutate(request, { onSuccess: () => setWish('') })
  }

  return (
    <form className="card trip-form" onSubmit={submit}>
      <Field
        label="What do you want?"
        className="input-large"
        placeholder="Run 10 km by June, because…"
        hint="With a number, a date and a “because” it becomes more exact."
        required
        minLength={3}
        maxLength={500}
        autoComplete="off"
        value={wish}
        onChange={setWish}
      />
      <OwnKey provider={provider} value={key} onChange={setKey} />
      <div className="trip-form-end">
        <button
          type="submit"
          className="button button-main button-large"
          disabled={proxy.isLoading}
        >
          Make it a goal
        </button>
        <ProxyProgress proxy={proxy} intent="smart_goal" label="Your request" />
      </div>
    </form>
  )
}
