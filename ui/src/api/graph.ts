import { type Entity, relationsOf, specText, titleOf } from './entity'
import { parseRef, printRef, shortName } from './ref'

/** An entity in the graph. */
export interface GraphNode {
  /** The canonical reference. */
  ref: string
  kind: string
  title: string
  type?: string
  owner?: string
  /** How many relations lead from the nearest centre to it. */
  level: number
  /** Whether the catalog has it, as far as one may see. */
  missing: boolean
  /** How many entities it is related to that the graph leaves out. */
  more: number
}

/** One relation, as the entity `from` states it. */
export interface GraphRelation {
  from: string
  type: string
  to: string
}

/** Entities and what they have to do with each other, around one or more centres. */
export interface Graph {
  roots: string[]
  nodes: GraphNode[]
  relations: GraphRelation[]
  /** How many known entities had no room. */
  left: number
}

/** Which part of the catalog a graph shows. */
export interface GraphScope {
  roots: readonly string[]
  maxDepth: number
  /** Kinds in lower case; none means all. */
  kinds: readonly string[]
  /** Types of relations; none means all. */
  relations: readonly string[]
  /** Entities whose neighbours show, however far they are. */
  expanded: readonly string[]
  /** The most entities shown. */
  most: number
}

/** What is known of entities; `null` where there is none. */
export type Answers = ReadonlyMap<string, Entity | null>

/** What an entity says about others, as far as the scope wants to hear it; each only once. */
export function relationsWithin(
  from: string,
  entity: Entity | null | undefined,
  { kinds, relations, roots }: Pick<GraphScope, 'kinds' | 'relations' | 'roots'>,
): GraphRelation[] {
  const found = new Map<string, GraphRelation>()
  for (const { type, targetRef } of entity?.relations ?? []) {
    const target = parseRef(targetRef)
    if (!target || (relations.length > 0 && !relations.includes(type))) continue
    const to = printRef(target)
    const wanted = kinds.length === 0 || kinds.includes(target.kind.toLowerCase())
    if (wanted || roots.includes(to)) found.set(`${type} ${to}`, { from, type, to })
  }
  return [...found.values()]
}

/** The node of a reference, whatever is known of it. */
export function nodeOf(ref: string, entity: Entity | null | undefined, level: number): GraphNode {
  const parsed = parseRef(ref) ?? { kind: 'unknown', namespace: 'default', name: ref }
  const node = { ref, kind: parsed.kind, level, more: 0 }
  if (!entity) return { ...node, title: shortName(parsed), missing: true }
  const type = specText(entity, 'type')
  const owner = relationsOf(entity, 'ownedBy')[0]
  return {
    ...node,
    kind: entity.kind,
    title: titleOf(entity),
    missing: false,
    ...(type ? { type } : {}),
    ...(owner ? { owner: printRef(owner) } : {}),
  }
}
