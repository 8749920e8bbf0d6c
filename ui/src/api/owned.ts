import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './client'
import { annotation, type Entity, isOrphan, problemsOf, relationsOf } from './entity'
import { me } from './me'
import { printRef } from './ref'

/** The most entities that are looked at; a count says how many there are. */
export const MOST_OWNED = 500

/** What the health of an entity shows in. */
const FIELDS = [
  'kind',
  'apiVersion',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.annotations.backstage.io/orphan',
  'metadata.annotations.backstage.io/techdocs-ref',
  'spec.profile',
  'relations',
  'status',
]

/** What somebody owns, and what is wrong with it. */
export interface Owned {
  /** How many entities they own; health is about the first of them. */
  total: number
  entities: readonly Entity[]
  /** References of owners that are not in the catalog. */
  missingOwners: ReadonlySet<string>
}

async function missing(refs: readonly string[], signal: AbortSignal): Promise<Set<string>> {
  if (refs.length === 0) return new Set()
  const { items } = await answerOf(
    api.POST('/api/catalog/entities/by-refs', {
      signal,
      body: { entityRefs: [...refs], fields: ['kind'] },
    }),
  )
  return new Set(refs.filter((_, index) => !items[index]))
}

const ownersOf = (entity: Entity): string[] => relationsOf(entity, 'ownedBy').map(printRef)

/** What the person who looks owns, with their groups. */
export const owned = queryOptions({
  queryKey: ['catalog', 'owned'],
  queryFn: async ({ signal, client }): Promise<Owned> => {
    const { user } = await client.ensureQueryData(me)
    const refs = user?.ownershipEntityRefs ?? []
    if (refs.length === 0) return { total: 0, entities: [], missingOwners: new Set() }
    const filter = [refs.map((ref) => `relations.ownedBy=${ref}`).join(',')]
    const query = { limit: MOST_OWNED, filter, fields: [FIELDS.join(',')] }
    const page = await answerOf(
      api.GET('/api/catalog/entities/by-query', { signal, params: { query } }),
    )
    const owners = [...new Set(page.items.flatMap(ownersOf))].sort()
    return {
      total: page.totalItems,
      entities: page.items,
      missingOwners: await missing(owners, signal),
    }
  },
})

/** Something that is wrong with entities, and with which. */
export interface Flaw {
  id: 'problems' | 'orphans' | 'ownerless' | 'undocumented'
  entities: readonly Entity[]
}

const isUndocumented = (entity: Entity): boolean =>
  entity.kind.toLowerCase() === 'component' && !annotation(entity, 'backstage.io/techdocs-ref')

/** What is wrong with some entities, the worst first; nothing that is wrong with none. */
export function flawsOf({ entities, missingOwners }: Owned): Flaw[] {
  const hasNoOwner = (entity: Entity) => ownersOf(entity).every((ref) => missingOwners.has(ref))
  const flaws: Flaw[] = [
    { id: 'problems', entities: entities.filter((entity) => problemsOf(entity).length > 0) },
    { id: 'orphans', entities: entities.filter(isOrphan) },
    { id: 'ownerless', entities: entities.filter(hasNoOwner) },
    { id: 'undocumented', entities: entities.filter(isUndocumented) },
  ]
  return flaws.filter((flaw) => flaw.entities.length > 0)
}

/** How many entities there are of each kind, the most frequent first. */
export function kindsOf(entities: readonly Entity[]): [kind: string, count: number][] {
  const counts = new Map<string, number>()
  for (const { kind } of entities) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
}
