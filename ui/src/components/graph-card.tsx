import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { graphOf } from '../api/graph-query'
import { DEFAULT_GRAPH, scopeOf } from '../api/graph-search'
import { parseRef } from '../api/ref'
import { paths } from '../paths'
import { Card } from '../ui/card'
import canvas from './graph-canvas.module.css'
import { ArrowHeads, GraphLines } from './graph-lines'
import { factsOf, NodePicture } from './graph-node'
import { type Drawn, useGraphLayout } from './use-graph-layout'
import { graphAround } from './use-graph-search'

/** A card has room for so many nodes. */
const MOST_NODES = 25
/** The room that a card has at least on a large screen. */
const LEAST = { width: 640, height: 200 }

/** The nearest relations of an entity as a small drawing that leads to the whole one. */
export function GraphCard({ entityRef }: { entityRef: string }) {
  const scope = { ...scopeOf({ ...DEFAULT_GRAPH, roots: [entityRef] }), most: MOST_NODES }
  const { data: graph } = useQuery(graphOf(scope))
  const { drawn } = useGraphLayout(graph, DEFAULT_GRAPH, DEFAULT_GRAPH.direction)
  return (
    <Card
      title="Graph"
      note={
        graph && graph.left > 0
          ? `${graph.left.toLocaleString('en')} more in the whole graph`
          : undefined
      }
      action={
        <Link to={paths.graph()} search={graphAround(entityRef)}>
          Open the graph
        </Link>
      }
    >
      <div className={`${canvas.canvas} ${canvas.still}`}>{drawn && <Drawing drawn={drawn} />}</div>
    </Card>
  )
}

function Drawing({ drawn: { graph, layout } }: { drawn: Drawn }) {
  const places = new Map(layout.nodes.map((place) => [place.ref, place]))
  return (
    // biome-ignore lint/a11y/useSemanticElements: inside an SVG there is no fieldset
    <svg
      className={canvas.svg}
      viewBox={frameOf(layout)}
      style={{ aspectRatio: aspectOf(layout) }}
      role="group"
      aria-label="Drawing of the graph"
    >
      <ArrowHeads />
      <GraphLines layout={layout} curve={DEFAULT_GRAPH.curve} chosen={undefined} />
      {graph.nodes.map((node) => {
        const place = places.get(node.ref)
        const ref = parseRef(node.ref)
        if (!place || !ref) return null
        const picture = (
          <NodePicture node={node} place={place} isRoot={graph.roots.includes(node.ref)} />
        )
        if (node.missing) return <g key={node.ref}>{picture}</g>
        return (
          <Link
            key={node.ref}
            to={paths.entity(ref)}
            search={{}}
            className={canvas.link}
            aria-label={`${node.title}, ${factsOf(node)}`}
          >
            {picture}
          </Link>
        )
      })}
    </svg>
  )
}

/** A small drawing is shown as large as it is, in the middle. */
const roomOf = ({ width, height }: Drawn['layout']) => ({
  wide: Math.max(width, LEAST.width),
  high: Math.max(height, LEAST.height),
})

function frameOf(layout: Drawn['layout']): string {
  const { wide, high } = roomOf(layout)
  return `${(layout.width - wide) / 2} ${(layout.height - high) / 2} ${wide} ${high}`
}

function aspectOf(layout: Drawn['layout']): string {
  const { wide, high } = roomOf(layout)
  return `${wide} / ${high}`
}
