import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Graph, GraphNode } from '../api/graph'
import { type EdgeStyle, edgesOf } from '../api/graph-edges'
import { type Branch, treeOf } from '../api/graph-tree'
import { parseRef } from '../api/ref'
import { paths } from '../paths'
import styles from './graph-list.module.css'
import { factsOf } from './graph-node'
import { KindIcon } from './kind-icon'

/** The graph in words: what the centre has to do with others, and these with further ones. */
export function GraphList({
  graph,
  style: { unidirectional, mergeRelations },
}: {
  graph: Graph
  style: EdgeStyle
}) {
  const nodes = useMemo(() => new Map(graph.nodes.map((node) => [node.ref, node])), [graph])
  const tree = useMemo(
    () => treeOf(graph, edgesOf(graph, { unidirectional, mergeRelations })),
    [graph, unidirectional, mergeRelations],
  )
  return (
    <div className={styles.list}>
      <Branches branches={tree} nodes={nodes} label="Entities of the graph" />
    </div>
  )
}

function Branches({
  branches,
  nodes,
  label,
}: {
  branches: readonly Branch[]
  nodes: ReadonlyMap<string, GraphNode>
  label?: string
}) {
  return (
    <ul aria-label={label}>
      {branches.map((branch, index) => {
        const node = nodes.get(branch.ref)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same entity may be named twice
          <li key={index}>
            <span className={styles.entry}>
              {branch.labels.length > 0 && (
                <span className={styles.relation}>{branch.labels.join(', ')}</span>
              )}
              {node && <Name node={node} />}
              {branch.again && <span className={styles.note}>see above</span>}
              {node && node.more > 0 && !branch.again && (
                <span className={styles.note}>{node.more.toLocaleString('en')} more around it</span>
              )}
            </span>
            {branch.branches.length > 0 && <Branches branches={branch.branches} nodes={nodes} />}
          </li>
        )
      })}
    </ul>
  )
}

function Name({ node }: { node: GraphNode }) {
  const ref = parseRef(node.ref)
  return (
    <>
      <KindIcon kind={node.kind} size={14} />
      {node.missing || !ref ? (
        <span className={styles.missing}>{node.title}</span>
      ) : (
        <Link to={paths.entity(ref)} search={{}}>
          {node.title}
        </Link>
      )}
      <span className={styles.note}>{factsOf(node)}</span>
    </>
  )
}
