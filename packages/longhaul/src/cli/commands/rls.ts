import { parseArgs } from 'node:util'
import { isForeignId } from '../../core/index.js'
import {
  bindTenantRole,
  grantClaims,
  notifyTaskStatus,
  openToOutsiders,
  publishJobs,
} from '../../postgres/index.js'
import type { Command, CommandContext } from '../command.js'

interface Wanted {
  readonly claims: string | undefined
  readonly role: string | undefined
  readonly tenantId: string
  readonly userId: string | undefined
  readonly publication: string | undefined
  readonly notify: boolean
}

export const rls: Command = {
  name: 'rls',
  usage: `rls [--claims <role>] [--role <role> --tenant <id> [--user <id>]] [--publication <name>] [--notify]
                                      Let database roles of others read what is theirs`,
  async run(context) {
    const wanted = parseWanted(context)
    if (wanted === undefined) return 2
    const { db, print } = context
    await openToOutsiders(db)
    print(
      `made the roles ${db.schema}_claims and ${db.schema}_tenant, their policies, and ${db.schema}_api`,
    )
    const { claims, role, tenantId, userId, publication, notify } = wanted
    if (claims !== undefined) {
      await grantClaims(db, claims)
      print(`${claims} reads what the claims of its token name`)
    }
    if (role !== undefined) {
      await bindTenantRole(db, { role, tenantId, userId })
      print(`${role} reads the rows of ${tenantId}`)
    }
    if (publication !== undefined) {
      await publishJobs(db, publication)
      print(`${publication} publishes the public columns of jobs`)
    }
    if (notify) {
      print(`${await notifyTaskStatus(db)} tells of jobs that complete or fail`)
    }
    return 0
  },
}

function parseWanted({
  args,
  printError,
}: Pick<CommandContext, 'args' | 'printError'>): Wanted | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        claims: { type: 'string' },
        role: { type: 'string' },
        tenant: { type: 'string' },
        user: { type: 'string' },
        publication: { type: 'string' },
        notify: { type: 'boolean', default: false },
      },
    })
    const { tenant = '', user: userId, role, claims, publication, notify } = values
    const isBound = isForeignId(tenant) && (userId === undefined || isForeignId(userId))
    const isWhole = role === undefined ? tenant === '' && userId === undefined : isBound
    if (isWhole) return { claims, role, tenantId: tenant, userId, publication, notify }
    printError(
      'Say with --role which role is to read the rows of --tenant, and with --user of which of its users.',
    )
  } catch (error) {
    printError(error instanceof Error ? error.message : String(error))
  }
  return undefined
}
