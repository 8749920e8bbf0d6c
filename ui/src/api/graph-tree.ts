import type { Graph } from './graph'
import type { GraphEdge } from './graph-edges'
import { inverseOf } from './relation-pairs'

/** A node of the graph written below the one that led to it. */
export interface Branch {
  ref: string
  /** What the one above has to do with it, read from above; empty for centres. */
  labels: string[]
  /** Whether it was written before, with everything below it. */
  again: boolean
  branches: Branch[]
}

/** `ownerOf / ownedBy` read from the other end. */
function reversed(label: string): string {
  const [type = '', other] = label.split(' / ')
  if (other) return `${other} / ${type}`
  return inverseOf(type) ?? `is named by (${type})`
}

/**
 * The graph as a nested list: every node once with all below it, at its shortest way from a centre,
 * and every line once.
 */
export function treeOf(graph: Graph, edges: readonly GraphEdge[]): Branch[] {
  const around = new Map<string, { edge: GraphEdge; other: string; labels: string[] }[]>()
  const add = (ref: string, edge: GraphEdge, other: string, labels: string[]) => {
    const list = around.get(ref)
    if (list) list.push({ edge, other, labels })
    else around.set(ref, [{ edge, other, labels }])
  }
  for (const edge of edges) {
    add(edge.from, edge, edge.to, edge.labels)
    if (edge.from !== edge.to) add(edge.to, edge, edge.from, edge.labels.map(reversed))
  }

  const written = new Set<string>(graph.roots)
  const told = new Set<GraphEdge>()
  const roots = graph.roots.map((ref): Branch => ({ ref, labels: [], again: false, branches: [] }))
  const waiting = [...roots]
  // The list grows while it is walked: what is nearer is written first.
  for (const branch of waiting) {
    for (const { edge, other, labels } of around.get(branch.ref) ?? []) {
      if (told.has(edge)) continue
      told.add(edge)
      const next: Branch = { ref: other, labels, again: written.has(other), branches: [] }
      written.add(other)
      branch.branches.push(next)
      if (!next.again) waiting.push(next)
    }
  }
  return roots
}
