import { memo, useMemo } from 'react'
import type { GraphNode } from '../api/graph'
import type { PlacedNode } from '../api/graph-place'
import type { Curve } from '../api/graph-search'
import styles from './graph-canvas.module.css'
import { GraphLines } from './graph-lines'
import { factsOf, NodePicture } from './graph-node'
import type { Drawn } from './use-graph-layout'

/** Everything in a drawing, whatever part of it is seen; its nodes are the options of a list box. */
export const GraphWorld = memo(function GraphWorld({
  drawn: { graph, layout },
  curve,
  chosen,
  active,
}: {
  drawn: Drawn
  curve: Curve
  chosen: string | undefined
  /** The node that the Tab key leads to. */
  active: string | undefined
}) {
  const nodes = useMemo(() => new Map(graph.nodes.map((node) => [node.ref, node])), [graph])
  const unit = layout.nodes.find(({ ref }) => ref === chosen)?.unit
  return (
    <>
      <GraphLines layout={layout} curve={curve} chosen={unit} />
      <g role="listbox" aria-label="Entities of the graph">
        {layout.nodes.map((place) => {
          const node = nodes.get(place.ref)
          return (
            node && (
              <Option
                key={place.ref}
                node={node}
                place={place}
                isRoot={graph.roots.includes(place.ref)}
                isChosen={place.ref === chosen}
                isActive={place.ref === active}
              />
            )
          )
        })}
      </g>
    </>
  )
})

const Option = memo(function Option({
  node,
  place,
  isRoot,
  isChosen,
  isActive,
}: {
  node: GraphNode
  place: PlacedNode
  isRoot: boolean
  isChosen: boolean
  isActive: boolean
}) {
  const more = node.more > 0 ? `, ${node.more} more around it` : ''
  return (
    <g
      className={styles.option}
      role="option"
      aria-selected={isChosen}
      aria-label={`${node.title}, ${factsOf(node)}${isRoot ? ', centre' : ''}${more}`}
      tabIndex={isActive ? 0 : -1}
      data-ref={node.ref}
    >
      <NodePicture node={node} place={place} isRoot={isRoot} />
    </g>
  )
})
