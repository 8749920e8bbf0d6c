import { paths } from '../paths'
import { isRecord, listOf } from './json'
import { type EntityRef, parseRef, printRef } from './ref'
import type { Setting } from './settings'

/** A page that somebody looked at, in the form in which Backstage's home page keeps it. */
export interface Visit {
  id: string
  /** The title of the page. */
  name: string
  /** Its address below the base path. */
  pathname: string
  /** How often they were there. */
  hits: number
  /** When they were there last, in Unix milliseconds. */
  timestamp: number
  /** The entity that it is about. */
  entityRef?: string
}

/** What is noted of a page. */
export type Seen = Pick<Visit, 'name' | 'pathname' | 'entityRef' | 'timestamp'>

/** The most pages that are remembered: those of the latest visits. */
export const MOST_VISITS = 100

const LONGEST_NAME = 120
const LONGEST_PATH = 400

const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0

function readVisit(raw: unknown): Visit[] {
  if (!isRecord(raw)) return []
  const { id, name, pathname, hits, timestamp, entityRef } = raw
  if (typeof pathname !== 'string' || !/^\/(?!\/)/.test(pathname)) return []
  if (pathname.length > LONGEST_PATH || !isCount(hits) || !isCount(timestamp)) return []
  return [
    {
      id: typeof id === 'string' ? id : pathname,
      name: (typeof name === 'string' ? name : pathname).slice(0, LONGEST_NAME),
      pathname,
      hits,
      timestamp,
      ...(typeof entityRef === 'string' && { entityRef }),
    },
  ]
}

/** Reads what is kept, the latest visit first, each page once. */
export function readVisits(raw: unknown): readonly Visit[] {
  const visits = listOf(raw)
    .flatMap(readVisit)
    .sort((a, b) => b.timestamp - a.timestamp)
  const byPath = new Map<string, Visit>()
  for (const visit of visits) {
    if (!byPath.has(visit.pathname)) byPath.set(visit.pathname, visit)
  }
  return [...byPath.values()].slice(0, MOST_VISITS)
}

/** Where Backstage's home page keeps the visits of a person; a browser without people has one list. */
export const visitsOf = (person: string | undefined): Setting<readonly Visit[]> => ({
  bucket: 'default',
  key: `@backstage/plugin-home:visits:${person ?? 'guest'}`,
  read: readVisits,
})

/** Whether visits are remembered: yes, unless somebody said no. */
export const REMEMBER: Setting<boolean> = {
  bucket: 'default.home',
  key: 'rememberVisits',
  read: (raw) => raw !== false,
}

/** The visits after some more of them. */
export function withSeen(visits: readonly Visit[], seen: readonly Seen[]): readonly Visit[] {
  const added = seen.reduce<readonly Visit[]>((before, { name, ...page }) => {
    const known = before.find(({ pathname }) => pathname === page.pathname)
    const visit: Visit = {
      ...page,
      name: name.slice(0, LONGEST_NAME),
      id: known?.id ?? page.pathname,
      hits: (known?.hits ?? 0) + 1,
    }
    return [visit, ...before.filter((one) => one !== known)]
  }, visits)
  return readVisits(added)
}

/** Somewhere that a visit leads back to. */
export interface Destination {
  /** The address, and what tells destinations apart. */
  path: string
  name: string
  hits: number
  timestamp: number
  entityRef?: EntityRef
}

/** Pages about no entity that a visit may lead to, and what they are called. */
const TOOLS: Record<string, string> = {
  [paths.audit()]: 'Audit',
  [paths.signIns()]: 'Sign-ins',
  [paths.accounts()]: 'Accounts',
}

function destinationOf({ pathname, hits, timestamp, ...visit }: Visit): Destination[] {
  const ref = visit.entityRef === undefined ? undefined : parseRef(visit.entityRef)
  if (ref) return [{ path: paths.entity(ref), name: visit.name, hits, timestamp, entityRef: ref }]
  // The portal may not have the pages that another one had.
  const name = Object.hasOwn(TOOLS, pathname) ? TOOLS[pathname] : undefined
  return name === undefined ? [] : [{ path: pathname, name, hits, timestamp }]
}

/** Where the visits lead, the latest first. Several pages about one entity are one destination. */
export function destinationsOf(visits: readonly Visit[]): Destination[] {
  const found = new Map<string, Destination>()
  for (const next of visits.flatMap(destinationOf)) {
    const key = next.entityRef ? printRef(next.entityRef) : next.path
    const known = found.get(key)
    const hits = (known?.hits ?? 0) + next.hits
    found.set(key, { ...(known ?? next), hits })
  }
  return [...found.values()].sort((a, b) => b.timestamp - a.timestamp)
}

/** The same, the most visited first. */
export const mostVisited = (destinations: readonly Destination[]): Destination[] =>
  destinations.toSorted((a, b) => b.hits - a.hits || b.timestamp - a.timestamp)
