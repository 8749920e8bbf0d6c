import { type CatalogSearch, DIMENSIONS, type Dimension, FACET_OF } from './catalog-search'
import { parseRef } from './ref'

/** A condition on entities, as the server's bodies have it. */
export type Predicate = Record<string, unknown>

/** Kind and namespace of some entities, and their names there. */
interface Group {
  kind: string
  namespace: string
  names: string[]
}

/** The server reads predicates with at most 1,000 conditions; the filters need some as well. */
const MOST_CONDITIONS = 800

/** Three fields, and the brace around them. */
const CONDITIONS_OF_A_GROUP = 4

function grouped(refs: readonly string[]): Group[] {
  const groups = new Map<string, Group>()
  let conditions = 0
  for (const text of refs) {
    const ref = parseRef(text)
    if (!ref) continue
    const key = `${ref.kind}:${ref.namespace}`
    const group = groups.get(key) ?? { ...ref, names: [] }
    conditions += groups.has(key) ? 1 : 1 + CONDITIONS_OF_A_GROUP
    if (conditions > MOST_CONDITIONS) break
    group.names.push(ref.name)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** True of the entities with these references. */
export const oneOf = (refs: readonly string[]): Predicate => ({
  $any: grouped(refs).map(({ kind, namespace, names }) => ({
    kind,
    'metadata.namespace': namespace,
    'metadata.name': { $in: names },
  })),
})

/**
 * What a search for starred entities asks: the grammar of `filter` parameters has no words for a list
 * of references. `except` leaves one dimension out, as for other searches.
 */
export function starredPredicate(
  search: CatalogSearch,
  stars: readonly string[],
  except?: Dimension,
): Predicate {
  const narrowing = DIMENSIONS.filter(
    (dimension) => dimension !== except && search.filters[dimension].length > 0,
  )
  return {
    $all: [
      oneOf(stars),
      ...narrowing.map((dimension) => ({
        [FACET_OF[dimension]]: { $in: [...search.filters[dimension]] },
      })),
    ],
  }
}
