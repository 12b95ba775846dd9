import pg from 'pg'

export async function connect(database) {
  const client = new pg.Client(database)
  await client.connect()
  return client
}
