import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre'
import { folded } from './graph-fold'
import type { Unit, UnitEdge } from './graph-pack'
import {
  BLOCK_PADDING,
  type Box,
  blockSize,
  cellOf,
  type Layout,
  type LayoutInput,
  labelSize,
  NODE,
  type PlacedEdge,
} from './graph-place'
import { skeletonOf } from './graph-skeleton'

/** Beyond this many units the exact ranks take longer than they are worth. */
const EXACT_UP_TO = 150
/** The most lines that take part in finding places: each one costs time. */
const MOST_PLACED = 800

const sizeOf = ({ refs }: Unit) => (refs.length === 1 ? NODE : blockSize(refs.length))

/** Gives every node its place: centres first, what they lead to after them, layer by layer. */
export function layOut({ units, edges, direction }: LayoutInput): Layout {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true })
  graph.setGraph({
    rankdir: direction,
    nodesep: direction === 'LR' || direction === 'RL' ? 14 : 28,
    edgesep: 10,
    ranksep: 44,
    marginx: 24,
    marginy: 24,
    // Blocks are wide: what stands beside them begins where they begin.
    rankalign: 'top',
    ranker: units.length > EXACT_UP_TO ? 'tight-tree' : 'network-simplex',
  })
  for (const unit of units) graph.setNode(unit.id, { ...sizeOf(unit) })
  const skeleton = skeletonOf(units, edges, MOST_PLACED)
  for (const [index, edge] of edges.entries()) {
    const size = { ...labelSize(edge.labels), labelpos: 'c' as const }
    if (skeleton.has(edge)) graph.setEdge(edge.from, edge.to, size, `${index}`)
  }
  layout(graph)

  const boxes = new Map<string, Box>()
  for (const unit of units) {
    const { x = 0, y = 0 } = graph.node(unit.id)
    boxes.set(unit.id, { x, y, ...sizeOf(unit) })
  }
  const { width = 0, height = 0 } = graph.graph()
  const fold = folded({ boxes, width, height }, direction)
  const drawing = fold ?? { boxes, width, height }
  const placed = edges.map((edge, index): PlacedEdge => {
    // Where layers are folded the ways between them are gone.
    if (fold || !skeleton.has(edge)) return direct(edge, drawing.boxes)
    const { points = [], x = 0, y = 0 } = graph.edge(edge.from, edge.to, `${index}`)
    return { ...edge, points: points.map((point) => ({ ...point })), label: { x, y } }
  })
  return {
    width: drawing.width,
    height: drawing.height,
    direction,
    boxes: [...drawing.boxes].map(([id, box]) => ({ id, ...box })),
    nodes: units.flatMap((unit) => placesIn(unit, drawing.boxes)),
    edges: placed,
  }
}

/** Where the nodes of a unit are: all of a block stand in rows and columns. */
function placesIn({ id, refs }: Unit, boxes: ReadonlyMap<string, Box>) {
  const box = boxes.get(id) ?? { x: 0, y: 0, ...NODE }
  if (refs.length === 1) return refs.map((ref) => ({ ref, unit: id, x: box.x, y: box.y }))
  const left = box.x - box.width / 2 + BLOCK_PADDING
  const top = box.y - box.height / 2 + BLOCK_PADDING
  return refs.map((ref, index) => {
    const cell = cellOf(index, refs.length)
    return { ref, unit: id, x: left + cell.x, y: top + cell.y }
  })
}

/** Loops and lines for which there was no time take the shortest way, across whatever is there. */
function direct(edge: UnitEdge, boxes: ReadonlyMap<string, Box>): PlacedEdge {
  const from = boxes.get(edge.from) ?? { x: 0, y: 0, ...NODE }
  const to = boxes.get(edge.to) ?? from
  const label =
    from === to
      ? { x: from.x + 36, y: from.y - from.height / 2 - 26 }
      : { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
  return { ...edge, points: [], label }
}
