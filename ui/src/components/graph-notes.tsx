import type { Graph } from '../api/graph'
import { type GraphSearch, MOST_LEVELS, MOST_NODES } from '../api/graph-search'
import styles from './graph-notes.module.css'

/** What the graph leaves out, and how to see it. */
export function GraphNotes({ graph, search }: { graph: Graph; search: GraphSearch }) {
  const isNarrowed = search.kinds.length > 0 || search.relations.length > 0
  const deepest = Math.max(0, ...graph.nodes.map(({ level }) => level))
  const notes: string[] = []
  if (graph.left > 0) {
    notes.push(
      `The graph ends at ${MOST_NODES.toLocaleString('en')} entities; at least ${graph.left.toLocaleString('en')} more have no room. Choose fewer kinds or relations, or a smaller depth.`,
    )
  }
  if (!Number.isFinite(search.depth) && deepest >= MOST_LEVELS) {
    notes.push(`The graph ends ${MOST_LEVELS} relations from the centre.`)
  }
  if (graph.nodes.length === graph.roots.length && graph.relations.length === 0) {
    notes.push(
      isNarrowed
        ? 'No relation passes the chosen kinds and relations.'
        : 'It has no relations to others yet.',
    )
  }
  return (
    <div role="status" className={styles.notes}>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  )
}
