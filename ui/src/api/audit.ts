import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { RawSearch } from './catalog-search'
import { answerOf, api } from './client'
import { parseRef, printRef } from './ref'
import type { components } from './schema'

/** Something that somebody did. */
export type AuditEvent = components['schemas']['EventItem']
/** How something ended. */
export type Outcome = components['schemas']['EventOutcome']

/** The permission to read them. */
export const READ_EVENTS = { name: 'audit.event.read' }

/** Every way to end. */
export const OUTCOMES: readonly Outcome[] = ['succeeded', 'denied', 'failed']

/** The names of events that are offered; others can be written. */
export const EVENTS = [
  'sign-in',
  'session-end',
  'request',
  'entity-mutate',
  'entity-validate',
  'location-mutate',
  'location-analyze',
  'account-create',
  'account-invite',
  'account-password-set',
  'account-password-change',
  'account-delete',
  'passkey-create',
  'passkey-delete',
  'personal-token-create',
  'personal-token-revoke',
  'role-create',
  'role-update',
  'role-delete',
  'policy-create',
  'policy-update',
  'policy-delete',
  'condition-create',
  'condition-update',
  'condition-delete',
  'oauth-approve',
  'oauth-reject',
  'oauth-token',
  'oauth-refresh',
  'oauth-revoke',
  'oauth-client-revoke',
] as const

/** What the audit page shows, as it stands in the address; what is empty narrows nothing. */
export interface AuditSearch {
  actor: string
  event: string
  outcome: Outcome | ''
  /** The first and the last day, such as `2026-11-28`, where the reader is. */
  from: string
  to: string
  /** Where the page starts; empty on the first one. */
  cursor: string
}

/** All that happened. */
export const ALL_EVENTS: AuditSearch = {
  actor: '',
  event: '',
  outcome: '',
  from: '',
  to: '',
  cursor: '',
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))

/** Reads the address. Whatever makes no sense there counts as absent. */
export function readAuditSearch(raw: RawSearch): AuditSearch {
  const text = (name: keyof AuditSearch) => raw[name]?.[0]?.trim() ?? ''
  const day = (name: 'from' | 'to') => (isDay(text(name)) ? text(name) : '')
  return {
    actor: text('actor'),
    event: text('event'),
    outcome: OUTCOMES.find((outcome) => outcome === text('outcome')) ?? '',
    from: day('from'),
    to: day('to'),
    cursor: text('cursor'),
  }
}

/** Writes the address, without what is empty. */
export const writeAuditSearch = (search: AuditSearch): RawSearch =>
  Object.fromEntries(
    Object.entries(search).flatMap(([name, text]) => (text ? [[name, [text]]] : [])),
  )

/** Whether anything is left out. */
export const isNarrowed = ({ cursor: _, ...filters }: AuditSearch): boolean =>
  Object.values(filters).some((text) => text !== '')

/** Who is meant: a name alone is that of a user, as people write it. */
export function actorOf(text: string): string {
  const written = text.trim()
  if (written === '' || written === 'guest' || written.includes(':')) return written
  const ref = parseRef(written, { kind: 'user' })
  return ref ? printRef(ref) : written
}

/** Midnight where the reader is, so many days after the beginning of a day. */
function midnight(day: string, daysLater: number): string {
  const [year, month, date] = day.split('-').map(Number)
  return new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + daysLater).toISOString()
}

/** A search in the parameters of the API, which end before `to` and count in UTC. */
export function parametersOf({ cursor, outcome, from, to, ...names }: AuditSearch) {
  // A cursor goes on with the filters of the first page.
  if (cursor) return { cursor }
  return {
    ...(names.actor && { actor: names.actor }),
    ...(names.event && { event: names.event }),
    ...(outcome && { outcome }),
    ...(from && { from: midnight(from, 0) }),
    ...(to && { to: midnight(to, 1) }),
  }
}

/** Events on one page. */
const PAGE = 50

/** One page of what happened, the newest first; as old as it is until somebody asks again. */
export const auditPage = (search: AuditSearch) =>
  queryOptions({
    queryKey: ['audit', search],
    placeholderData: keepPreviousData,
    staleTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/audit/events', {
          signal,
          params: { query: { limit: PAGE, ...parametersOf(search) } },
        }),
      ),
  })

/** The details that say in a few words what it was about, in this order. */
const TELLING = [
  'action',
  'object',
  'account',
  'role',
  'name',
  'label',
  'provider',
  'code',
  'status',
]

/** An event in a few words. */
export const summaryOf = ({ details }: AuditEvent): string =>
  TELLING.map((name): unknown => Reflect.get(details, name))
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' · ')
