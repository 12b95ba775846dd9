import type pg from 'pg'

/**
 * The number of the server's process, as it was told when the connection was opened. A pooler tells
 * one of its own making: where `pg_backend_pid()` is another, there is a pooler in between.
 */
export function announcedProcess(client: pg.ClientBase): number {
  return (client as { readonly processID?: number | null }).processID ?? 0
}
