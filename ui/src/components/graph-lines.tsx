import { memo, useMemo } from 'react'
import { pathOf } from '../api/graph-path'
import { type Box, LABEL_LINE, type Layout, labelLines, type PlacedEdge } from '../api/graph-place'
import type { Curve } from '../api/graph-search'
import styles from './graph-canvas.module.css'

/** The frames of blocks and the lines of a graph, with what is written on them. */
export const GraphLines = memo(function GraphLines({
  layout,
  curve,
  chosen,
}: {
  layout: Layout
  curve: Curve
  /** The unit whose lines stand out. */
  chosen: string | undefined
}) {
  const boxes = useMemo(() => new Map(layout.boxes.map((box) => [box.id, box])), [layout])
  const sorted = layout.edges.toSorted(
    (a, b) => Number(touches(a, chosen)) - Number(touches(b, chosen)),
  )
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <g aria-hidden="true">
      {layout.boxes
        .filter(({ id }) => id.startsWith('block '))
        .map((box) => (
          <Frame key={box.id} box={box} />
        ))}
      {sorted.map((edge) => (
        <g
          key={`${edge.from} ${edge.to} ${edge.labels.join()}`}
          className={styles.edge}
          data-chosen={touches(edge, chosen) || undefined}
          data-crossing={(edge.points.length === 0 && edge.from !== edge.to) || undefined}
        >
          <path
            className={styles.line}
            d={pathOf(edge, boxes, layout.direction, curve)}
            markerEnd={`url(#${touches(edge, chosen) ? 'graph-arrow-chosen' : 'graph-arrow'})`}
          />
          <Label edge={edge} />
        </g>
      ))}
    </g>
  )
})

const touches = ({ from, to }: PlacedEdge, unit: string | undefined) =>
  unit !== undefined && (from === unit || to === unit)

function Frame({ box }: { box: Box }) {
  const { x, y, width, height } = box
  return (
    <rect
      className={styles.frame}
      x={x - width / 2}
      y={y - height / 2}
      width={width}
      height={height}
      rx={16}
    />
  )
}

function Label({ edge }: { edge: PlacedEdge }) {
  const lines = labelLines(edge.labels)
  const top = edge.label.y - ((lines.length - 1) * LABEL_LINE) / 2 + 4
  return (
    <text className={styles.label} textAnchor="middle">
      {lines.map((line, index) => (
        <tspan key={line} x={edge.label.x} y={top + index * LABEL_LINE}>
          {line}
        </tspan>
      ))}
    </text>
  )
}

/** The heads of arrows, by the names that lines use. */
export function ArrowHeads() {
  return (
    <defs>
      {(['graph-arrow', 'graph-arrow-chosen'] as const).map((id) => (
        <marker
          key={id}
          id={id}
          viewBox="0 0 8 8"
          refX={7}
          refY={4}
          markerWidth={8}
          markerHeight={8}
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path
            className={id === 'graph-arrow' ? styles.head : styles.headChosen}
            d="M0.5 0.5 7.5 4 0.5 7.5Z"
          />
        </marker>
      ))}
    </defs>
  )
}
