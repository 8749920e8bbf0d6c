import type { Entity } from './entity'
import { type EntityRef, parseRef, printRef } from './ref'

/** Relations of one type, seen from one entity. */
export interface RelationGroup {
  type: string
  title: string
  targets: EntityRef[]
}

/** Well-known relations in the order in which people ask: what does it use, who uses it, whose is it. */
const TITLES: Record<string, string> = {
  dependsOn: 'Depends on',
  dependencyOf: 'Needed by',
  providesApi: 'Provides APIs',
  consumesApi: 'Consumes APIs',
  apiProvidedBy: 'Provided by',
  apiConsumedBy: 'Consumed by',
  hasPart: 'Consists of',
  partOf: 'Part of',
  hasMember: 'Members',
  memberOf: 'Member of',
  parentOf: 'Groups within',
  childOf: 'Within',
  ownerOf: 'Owns',
  ownedBy: 'Owned by',
}

const ORDER = Object.keys(TITLES)

/** `promotedTo` reads as "Promoted to": relations of plugins have no title of their own. */
const spelledOut = (type: string): string =>
  type
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^./, (letter) => letter.toUpperCase())

const rank = (type: string): number => {
  const index = ORDER.indexOf(type)
  return index === -1 ? ORDER.length : index
}

/** What is above comes before what is within: an owner's systems before their components. */
const KINDS = ['domain', 'system', 'component', 'api', 'resource', 'group', 'user']

const kindRank = ({ kind }: EntityRef): number => {
  const index = KINDS.indexOf(kind.toLowerCase())
  return index === -1 ? KINDS.length : index
}

/** All relations of an entity by type, well-known ones first, each target once. */
export function groupRelations(entity: Entity): RelationGroup[] {
  const groups = new Map<string, Map<string, EntityRef>>()
  for (const { type, targetRef } of entity.relations ?? []) {
    const ref = parseRef(targetRef)
    if (!ref) continue
    const targets = groups.get(type) ?? new Map<string, EntityRef>()
    groups.set(type, targets.set(printRef(ref), ref))
  }
  return [...groups]
    .map(([type, targets]) => ({
      type,
      title: Object.hasOwn(TITLES, type) ? (TITLES[type] ?? type) : spelledOut(type),
      targets: [...targets.values()].sort((a, b) => kindRank(a) - kindRank(b)),
    }))
    .sort((a, b) => rank(a.type) - rank(b.type) || (a.type < b.type ? -1 : 1))
}
