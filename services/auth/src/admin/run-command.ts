/** The administrator's commands: words in, lines out. */
import { parseArgs } from 'node:util'
import type { AuthDeps } from '../deps.ts'
import { createAdminInvite, createInvite, hashInvite } from '../invites.ts'
import { deleteInvite, listInvites } from '../invite-store.ts'
import { listAccountFacts, tableSizes } from './account-admin-store.ts'
import { changeAccount, type AccountChange, type ChangeOutcome } from './change-account.ts'
import { bytesOf, dayOf, tableOf } from './lines.ts'

type AdminDeps = Pick<AuthDeps, 'db' | 'sealer' | 'now'> & {
  /** What links begin with: "https://chat.example.org". */
  readonly address: string
}

/** `code`: what the process ends with. */
export interface CommandResult {
  readonly code: 0 | 1 | 2
  readonly lines: readonly string[]
}

const adminHelp = [
  'Brieftaube’s administrator',
  '',
  '  invites                                  the invitations that still work',
  '  invite create [--uses 1] [--days 7]      a link with which people register',
  '  invite remove CODE                       withdraw an invitation',
  '  accounts                                 names, dates and devices; never content',
  '  disable NAME                             nobody gets in with this account any more; its devices are out within 5 s',
  '  enable NAME                              it may log in again',
  '  make-admin NAME, unmake-admin NAME       who may invite people in the web client',
  '  admin-link                               the one-time link for the first administrator',
  '  storage                                  what takes how much room in the database',
] as const

/** Never throws for what was typed; for a database that is away. */
export async function runAdminCommand(words: readonly string[], deps: AdminDeps): Promise<CommandResult> {
  const [command, ...rest] = words
  switch (command) {
    case 'invites':
      return say(await invitesTable(deps))
    case 'invite':
      return invite(rest, deps)
    case 'accounts':
      return say(await accountsTable(deps))
    case 'disable':
    case 'enable':
    case 'make-admin':
    case 'unmake-admin':
      return change(command, rest, deps)
    case 'admin-link':
      return adminLink(deps)
    case 'storage':
      return say(await storageTable(deps))
    case undefined:
    case 'help':
    case '--help':
      return say(adminHelp)
    default:
      return refuse(`There is no command "${command}".`)
  }
}

function say(lines: readonly string[]): CommandResult {
  return { code: 0, lines }
}

function fail(line: string): CommandResult {
  return { code: 1, lines: [line] }
}

function refuse(line: string): CommandResult {
  return { code: 2, lines: [line, '', ...adminHelp] }
}

async function invite(words: readonly string[], deps: AdminDeps): Promise<CommandResult> {
  const [verb, ...rest] = words
  if (verb === 'create') return createLink(rest, deps)
  const [code] = rest
  if (verb !== 'remove' || code === undefined || rest.length > 1)
    return refuse('Say "invite create" or "invite remove CODE".')
  // a whole link is as good as its end
  const removed = await deleteInvite(deps.db.pool, hashInvite(code.split('/').at(-1) ?? code))
  return removed ? say(['The invitation does not work any more.']) : fail('There is no such invitation.')
}

async function createLink(words: readonly string[], deps: AdminDeps): Promise<CommandResult> {
  const limits = readLimits(words)
  if (limits === undefined) return refuse('--uses takes 1 to 1000, --days 1 to 90.')
  const { uses, days } = limits
  const { code, expiresAt } = await createInvite(deps, { role: 'user', uses, expiresInMs: days * 86_400_000 })
  const times = uses === 1 ? 'works once' : `works ${String(uses)} times`
  return say([`${deps.address}/invite/${code}`, `It ${times}, until ${dayOf(expiresAt)}.`])
}

function readLimits(words: readonly string[]): { uses: number; days: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { uses: { type: 'string', default: '1' }, days: { type: 'string', default: '7' } },
    })
    const within = (text: string, most: number) => /^[1-9]\d*$/.test(text) && Number(text) <= most
    if (!within(values.uses, 1000) || !within(values.days, 90)) return undefined
    return { uses: Number(values.uses), days: Number(values.days) }
  } catch {
    return undefined
  }
}

async function adminLink(deps: AdminDeps): Promise<CommandResult> {
  const code = await createAdminInvite(deps)
  return code === undefined
    ? fail('There is an administrator already; "make-admin NAME" makes another one.')
    : say([
        `${deps.address}/invite/${code}`,
        'It works once and makes the first administrator. Earlier ones do not work any more.',
      ])
}

const sentences: Readonly<Record<AccountChange, string>> = {
  disable: 'is disabled; its devices are out within 5 seconds',
  enable: 'may log in again',
  'make-admin': 'is an administrator now',
  'unmake-admin': 'is no administrator any more',
}

async function change(
  wish: AccountChange,
  words: readonly string[],
  { db, now }: AdminDeps,
): Promise<CommandResult> {
  const [userName] = words
  if (userName === undefined || words.length > 1) return refuse(`Say "${wish} NAME".`)
  const outcome: ChangeOutcome = await changeAccount(db, { userName, change: wish, at: now() })
  switch (outcome) {
    case 'changed':
      return say([`${userName} ${sentences[wish]}.`])
    case 'unchanged':
      return say([`Nothing to do: ${userName} is that already.`])
    case 'unknown':
      return fail(`There is no account "${userName}".`)
    case 'last-admin':
      return fail(`${userName} is the last administrator; make another one first.`)
  }
}

async function invitesTable({ db, sealer, now, address }: AdminDeps): Promise<string[]> {
  const invites = await listInvites(db.pool, now())
  const rows = invites.map(({ sealedCode, usesLeft, expiresAt }) => {
    const code = sealer.open('invite', sealedCode)
    const link = code === undefined ? '(made under an earlier key)' : `${address}/invite/${code}`
    return [link, String(usesLeft), dayOf(expiresAt)]
  })
  return rows.length === 0 ? ['There is none.'] : tableOf(['link', 'uses left', 'until'], rows)
}

async function accountsTable({ db }: AdminDeps): Promise<string[]> {
  const accounts = await listAccountFacts(db.pool)
  const rows = accounts.map((account) => [
    account.userName,
    account.role === 'admin' ? 'admin' : '',
    dayOf(account.createdAt),
    account.lastSeenAt === undefined ? 'never' : dayOf(account.lastSeenAt),
    String(account.devices),
    account.disabledAt === undefined ? '' : `disabled ${dayOf(account.disabledAt)}`,
  ])
  return tableOf(['name', 'role', 'created', 'last seen', 'devices', ''], rows)
}

async function storageTable({ db }: AdminDeps): Promise<string[]> {
  const tables = await tableSizes(db.pool)
  const rows = tables.map(({ schema, table, bytes, rows: count }) => [
    `${schema}.${table}`,
    bytesOf(bytes),
    `about ${String(count)}`,
  ])
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0)
  return tableOf(['table', 'with indexes', 'rows'], [...rows, ['together', bytesOf(total), '']])
}
