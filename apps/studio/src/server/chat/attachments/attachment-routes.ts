import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type pg from 'pg'
import {
  attachable,
  mostImageBytes,
  mostNameCharacters,
  mostTextBytes,
} from '../../../trips/concierge/attachments/attachment-limits.js'
import { identifyFile } from '../../../trips/concierge/attachments/identify-file.js'
import type { Callers } from '../../auth/callers.js'
import { type Asked, inTheNameOf, uuid } from '../../http/in-the-name-of.js'
import { findAttachment, keepAttachment, removeUnsent } from './attachment-store.js'

export interface AttachmentRoutesOptions {
  readonly callers: Callers
  readonly pool: pg.Pool
}

/**
 * Files for questions: `PUT /:id?name=…` keeps one until it is sent, `GET /:id` serves it to its owner, `DELETE
 * /:id` removes one that was not sent. What a file is, is what is in it.
 */
export function attachmentRoutes({ callers, pool }: AttachmentRoutesOptions): Hono<Asked> {
  const app = new Hono<Asked>()
  app.use(inTheNameOf(callers, 'application/octet-stream'))

  const limit = bodyLimit({
    maxSize: mostImageBytes,
    onError: (context) => context.json({ message: tooLarge }, 413, goodbye),
  })
  app.put(`/:id{${uuid}}`, limit, async (context) => {
    const id = context.req.param('id').toLowerCase()
    const name = plainName(context.req.query('name'))
    if (name === '') return context.json({ message: 'The file needs a name.' }, 422)
    const data = Buffer.from(await context.req.arrayBuffer())
    if (data.length === 0) return context.json({ message: 'The file is empty.' }, 422)
    const facts = identifyFile(data)
    if (facts === undefined) return context.json({ message: wrongType }, 415)
    if (facts.mediaType === 'text/plain' && data.length > mostTextBytes)
      return context.json({ message: tooLarge }, 413)
    const { principal } = context.var
    const kept = await keepAttachment(pool, principal, { id, name, data, facts })
    return kept === undefined ? context.json({ message: noRoom }, 409) : context.json(kept, 201)
  })

  app.get(`/:id{${uuid}}`, async (context) => {
    const found = await findAttachment(pool, context.var.principal, context.req.param('id'))
    if (found === undefined) return context.json({ message: 'There is no such file.' }, 404)
    const isImage = found.mediaType.startsWith('image/')
    const shown = `${isImage ? 'inline' : 'attachment'}; filename*=UTF-8''${asParameter(found.name)}`
    return context.body(new Uint8Array(found.data), 200, {
      'content-type': isImage ? found.mediaType : 'text/plain; charset=utf-8',
      'content-disposition': shown,
      // It is somebody's file: whatever is in it, it runs nothing and is taken for nothing else.
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
  })

  app.delete(`/:id{${uuid}}`, async (context) => {
    await removeUnsent(pool, context.var.principal, context.req.param('id'))
    return context.body(null, 204)
  })
  return app
}

/** What else comes of the file is not read, and ends the connection: whoever sent it must not ask anything on it. */
const goodbye = { connection: 'close' }
const tooLarge = `The file is too large: ${attachable} can be attached.`
const wrongType = `The file is neither text nor such an image: ${attachable} can be attached.`
const noRoom =
  'There is no room for more files. Delete conversations with files that you need no more.'

/** Without folders and signs that cannot be seen. */
function plainName(name = ''): string {
  const plain = name.replace(/^.*[/\\]/, '').replaceAll(/\p{C}/gu, '')
  return Array.from(plain.trim()).slice(0, mostNameCharacters).join('')
}

/** As RFC 8187 wants it: more is escaped than in a URL. */
function asParameter(name: string): string {
  const escaped = (sign: string) => `%${sign.charCodeAt(0).toString(16)}`
  return encodeURIComponent(name).replaceAll(/['()*]/g, escaped)
}
