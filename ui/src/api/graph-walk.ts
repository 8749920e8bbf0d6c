import type { Entity } from './entity'
import {
  type Answers,
  type Graph,
  type GraphRelation,
  type GraphScope,
  nodeOf,
  relationsWithin,
} from './graph'

/** Asks for entities by reference; `null` where there is none. */
export type Ask = (refs: readonly string[]) => Promise<Answers>

/**
 * Reads the catalog from the centres outwards, level by level, until the depth is reached or there
 * is no room for more. What an expanded entity names shows at any depth.
 */
export async function walk(scope: GraphScope, ask: Ask): Promise<Graph> {
  const levels = new Map<string, number>()
  const entities = new Map<string, Entity | null>()
  const stated: GraphRelation[] = []
  const left = new Set<string>()
  let next = [...new Set(scope.roots)]

  for (let level = 0; next.length > 0; level += 1) {
    const taken = next.slice(0, Math.max(0, scope.most - levels.size))
    for (const ref of next.slice(taken.length)) left.add(ref)
    if (taken.length === 0) break
    for (const ref of taken) levels.set(ref, level)
    for (const [ref, entity] of await ask(taken)) entities.set(ref, entity)

    const following = new Set<string>()
    for (const ref of taken) {
      const own = relationsWithin(ref, entities.get(ref), scope)
      stated.push(...own)
      if (level >= scope.maxDepth && !scope.expanded.includes(ref)) continue
      for (const { to } of own) if (!levels.has(to)) following.add(to)
    }
    next = [...following]
  }
  return assemble(scope, levels, entities, stated, left.size)
}

function assemble(
  scope: GraphScope,
  levels: ReadonlyMap<string, number>,
  entities: Answers,
  stated: readonly GraphRelation[],
  left: number,
): Graph {
  const outside = new Map<string, Set<string>>()
  for (const { from, to } of stated) {
    if (!levels.has(to)) outside.set(from, (outside.get(from) ?? new Set()).add(to))
  }
  return {
    roots: scope.roots.filter((ref) => levels.has(ref)),
    nodes: [...levels].map(([ref, level]) => ({
      ...nodeOf(ref, entities.get(ref), level),
      more: outside.get(ref)?.size ?? 0,
    })),
    relations: stated.filter(({ to }) => levels.has(to)),
    left,
  }
}
