import { type ReactElement, type ReactNode, useState } from 'react'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'

/** What the studio's own routes have answered. It ends with the component, so nothing of it outlives a session. */
export function QueryCache({ children }: { children: ReactNode }): ReactElement {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 5000 } } }),
  )
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
