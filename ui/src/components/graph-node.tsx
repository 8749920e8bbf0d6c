import { memo } from 'react'
import type { GraphNode } from '../api/graph'
import { NODE, type Point } from '../api/graph-place'
import { fitText, measureIn } from '../ui/fit-text'
import styles from './graph-canvas.module.css'
import { KindIcon, kindName } from './kind-icon'

const TEXT_LEFT = 48
const TEXT_WIDTH = NODE.width - TEXT_LEFT - 12

/** What an entity is, in a few words. */
export const factsOf = ({ kind, type, missing }: GraphNode): string =>
  missing ? 'Not in the catalog' : type ? `${kindName(kind)} · ${type}` : kindName(kind)

/** The looks of a node. */
export const NodePicture = memo(function NodePicture({
  node,
  place,
  isRoot,
}: {
  node: GraphNode
  place: Point
  isRoot: boolean
}) {
  const more = node.more > 0 ? `+${node.more.toLocaleString('en')}` : ''
  const small = measureIn(400, 11)
  const room = TEXT_WIDTH - (more ? small(more) + 8 : 0)
  return (
    <g
      className={styles.node}
      data-kind={node.kind.toLowerCase()}
      data-root={isRoot || undefined}
      data-missing={node.missing || undefined}
      transform={`translate(${place.x - NODE.width / 2} ${place.y - NODE.height / 2})`}
    >
      <title>{`${node.title} (${node.ref})`}</title>
      <rect className={styles.box} width={NODE.width} height={NODE.height} rx={10} />
      <rect className={styles.tile} x={9} y={8} width={30} height={30} rx={8} />
      <g className={styles.icon} transform="translate(16 15)">
        <KindIcon kind={node.kind} size={16} />
      </g>
      <text className={styles.title} x={TEXT_LEFT} y={20}>
        {fitText(node.title, TEXT_WIDTH, measureIn(550, 13))}
      </text>
      <text className={styles.facts} x={TEXT_LEFT} y={36}>
        {fitText(factsOf(node), room, small)}
      </text>
      {more && (
        <text className={styles.more} x={NODE.width - 12} y={36} textAnchor="end">
          {more}
        </text>
      )}
    </g>
  )
})
