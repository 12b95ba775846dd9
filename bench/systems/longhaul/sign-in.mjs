// What an app's own sign-in does at each request: it checks a token that says who somebody is.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { principal } from './open-app.mjs'

const key = 'of this bench alone'
const claims = Buffer.from(JSON.stringify(principal)).toString('base64url')
export const authorization = `Bearer ${claims}.${sign(claims).toString('base64url')}`

export function authenticate({ headers }) {
  const [said = '', signature = ''] = (headers.get('authorization') ?? '').slice(7).split('.')
  const expected = sign(said)
  const given = Buffer.from(signature, 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return JSON.parse(Buffer.from(said, 'base64url').toString())
}

function sign(text) {
  return createHmac('sha256', key).update(text).digest()
}
