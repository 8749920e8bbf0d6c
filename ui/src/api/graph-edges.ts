import type { Graph, GraphRelation } from './graph'
import { inverseOf } from './relation-pairs'

/** A line of the graph with what is written on it, from where it is read. */
export interface GraphEdge {
  from: string
  to: string
  /** `dependsOn`, or `dependsOn / dependencyOf` for both sides of one relation. */
  labels: string[]
}

/** How relations become lines. */
export interface EdgeStyle {
  /** Only lines that lead away from the centre. */
  unidirectional: boolean
  /** Both sides of a relation on one line. */
  mergeRelations: boolean
}

interface Pair {
  near: string
  far: string
  out: string[]
  back: string[]
}

/** Relations by the two entities they are between, the one nearer to a centre first. */
function pairsOf(relations: readonly GraphRelation[], level: (ref: string) => number): Pair[] {
  const pairs = new Map<string, Pair>()
  for (const { from, type, to } of relations) {
    const known = pairs.get(`${from} ${to}`) ?? pairs.get(`${to} ${from}`)
    const swap = level(from) > level(to)
    const pair = known ?? { near: swap ? to : from, far: swap ? from : to, out: [], back: [] }
    if (!known) pairs.set(`${from} ${to}`, pair)
    const side = from === pair.near ? pair.out : pair.back
    if (!side.includes(type)) side.push(type)
  }
  return [...pairs.values()]
}

/** Both directions on one line; what has no other side there gets a line of its own. */
function merged({ near, far, out, back }: Pair): GraphEdge[] {
  const answered = new Set<string>()
  const labels = out.map((type) => {
    const inverse = inverseOf(type)
    if (!inverse || !back.includes(inverse)) return type
    answered.add(inverse)
    return `${type} / ${inverse}`
  })
  const rest = back.filter((type) => !answered.has(type))
  return [
    { from: near, to: far, labels },
    { from: far, to: near, labels: rest },
  ]
}

function apart({ near, far, out, back }: Pair, unidirectional: boolean): GraphEdge[] {
  const backwards = unidirectional && out.length > 0 ? [] : back
  return [
    { from: near, to: far, labels: out },
    { from: far, to: near, labels: backwards },
  ]
}

/** The lines of a graph. */
export function edgesOf(graph: Graph, style: EdgeStyle): GraphEdge[] {
  const levels = new Map(graph.nodes.map(({ ref, level }) => [ref, level]))
  const level = (ref: string) => levels.get(ref) ?? 0
  return pairsOf(graph.relations, level)
    .filter(
      ({ near, far }) => !style.unidirectional || leadsAway(level(near), level(far), near === far),
    )
    .flatMap((pair) => (style.mergeRelations ? merged(pair) : apart(pair, style.unidirectional)))
    .filter(({ labels }) => labels.length > 0)
}

/** Between entities that are equally far only centres and loops stay: the others have a shorter way. */
const leadsAway = (near: number, far: number, loop: boolean) => near !== far || near === 0 || loop
