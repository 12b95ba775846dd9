import { useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { LonghaulProvider, useJob } from 'longhaul/react'

window.waits = []

/** Each stage is the time at which the worker said it. After the paint that shows it, its age is noted. */
function Watcher({ id }) {
  const { job } = useJob(id)
  const stage = job?.stage
  useEffect(() => {
    if (!stage) return
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', () =>
        window.waits.push(performance.timeOrigin + performance.now() - Number(stage)),
      )
      port1.start()
      port2.postMessage(null) // runs after the frame was painted
    })
  }, [stage])
  return <p>{job?.progress} %</p>
}

const id = new URLSearchParams(location.search).get('job')
createRoot(document.querySelector('main')).render(
  <LonghaulProvider url="/api/longhaul">
    <Watcher id={id} />
  </LonghaulProvider>,
)
