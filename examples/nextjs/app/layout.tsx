import type { Metadata } from 'next'
import type { ReactElement, ReactNode } from 'react'
import './globals.css'

export const metadata: Metadata = { title: 'Numbers', description: 'A chat with durable answers' }

export default function Layout({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
