/** Relations that say the same from both sides: `a ownerOf b` is `b ownedBy a`. */
const PAIRS: [one: string, other: string][] = [
  ['ownerOf', 'ownedBy'],
  ['dependsOn', 'dependencyOf'],
  ['providesApi', 'apiProvidedBy'],
  ['consumesApi', 'apiConsumedBy'],
  ['hasPart', 'partOf'],
  ['parentOf', 'childOf'],
  ['hasMember', 'memberOf'],
]

const INVERSES = new Map(
  PAIRS.flatMap(([one, other]) => [
    [one, other],
    [other, one],
  ]),
)

/** Every well-known type of relation. */
export const WELL_KNOWN_RELATIONS: readonly string[] = [...INVERSES.keys()]

/** What a relation is called from the other side; nothing for relations of plugins. */
export const inverseOf = (type: string): string | undefined => INVERSES.get(type)
