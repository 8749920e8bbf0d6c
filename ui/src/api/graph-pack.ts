import type { Graph, GraphNode } from './graph'
import type { GraphEdge } from './graph-edges'

/** What is placed as one: a node, or many with the same relations to the same others. */
export interface Unit {
  id: string
  refs: string[]
}

/** A line between units. */
export interface UnitEdge {
  from: string
  to: string
  labels: string[]
}

/** As few are quicker to read one below the other. */
const FEWEST_TWINS = 6

/** What tells whether two nodes have the same relations to the same others. */
function signatures(edges: readonly GraphEdge[]): Map<string, string> {
  const ends = new Map<string, string[]>()
  const add = (ref: string, end: string) => {
    const list = ends.get(ref)
    if (list) list.push(end)
    else ends.set(ref, [end])
  }
  for (const { from, to, labels } of edges) {
    add(from, `> ${to} ${labels.join()}`)
    add(to, `< ${from} ${labels.join()}`)
  }
  return new Map([...ends].map(([ref, list]) => [ref, list.sort().join('\n')]))
}

const byKindAndTitle = (a: GraphNode, b: GraphNode) =>
  a.kind.localeCompare(b.kind) || a.title.localeCompare(b.title) || (a.ref < b.ref ? -1 : 1)

/**
 * Puts nodes with the same relations to the same others into one block, with one line instead of
 * many: a team with three hundred components is one line and one block.
 */
export function pack(graph: Graph, edges: readonly GraphEdge[]): [Unit[], UnitEdge[]] {
  const known = signatures(edges)
  const twins = new Map<string, GraphNode[]>()
  for (const node of graph.nodes) {
    const signature = graph.roots.includes(node.ref) ? undefined : known.get(node.ref)
    const key = signature ?? `alone ${node.ref}`
    const list = twins.get(key)
    if (list) list.push(node)
    else twins.set(key, [node])
  }
  const units = [...twins.values()].flatMap((nodes): Unit[] => {
    const refs = (nodes.length < FEWEST_TWINS ? nodes : nodes.toSorted(byKindAndTitle)).map(
      ({ ref }) => ref,
    )
    if (refs.length >= FEWEST_TWINS) return [{ id: `block ${refs[0]}`, refs }]
    return refs.map((ref) => ({ id: ref, refs: [ref] }))
  })

  const unitOf = new Map(units.flatMap(({ id, refs }) => refs.map((ref) => [ref, id])))
  const lines = new Map<string, UnitEdge>()
  for (const { from, to, labels } of edges) {
    const line = { from: unitOf.get(from) ?? from, to: unitOf.get(to) ?? to, labels }
    // A block's lines are all alike, and one of them stands for all.
    lines.set(`${line.from} ${line.to} ${labels.join()}`, line)
  }
  return [units, [...lines.values()]]
}
