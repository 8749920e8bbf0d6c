import type { Unit, UnitEdge } from './graph-pack'
import type { Direction } from './graph-search'

/** A place in the drawing. */
export interface Point {
  x: number
  y: number
}

/** A rectangle around its middle. */
export interface Box extends Point {
  width: number
  height: number
}

/** What is to be placed. */
export interface LayoutInput {
  units: Unit[]
  edges: UnitEdge[]
  direction: Direction
}

/** A line with the points it goes through; none where it takes the shortest way. */
export interface PlacedEdge extends UnitEdge {
  points: Point[]
  label: Point
}

/** The middle of a node, and the unit that it belongs to. */
export interface PlacedNode extends Point {
  ref: string
  unit: string
}

/** The drawing: where everything is. */
export interface Layout {
  width: number
  height: number
  direction: Direction
  /** One for each unit. */
  boxes: (Box & { id: string })[]
  nodes: PlacedNode[]
  edges: PlacedEdge[]
}

/** The size of a node. */
export const NODE = { width: 196, height: 46 }
/** Between the frame of a block and its nodes. */
export const BLOCK_PADDING = 12
const BLOCK_GAP = 10

/** A block is wider than high, as screens are. */
const columnsOf = (count: number) => Math.max(1, Math.round(Math.sqrt(count * 0.36)))

/** The size of a block of nodes. */
export function blockSize(count: number) {
  const columns = columnsOf(count)
  const rows = Math.ceil(count / columns)
  return {
    width: columns * (NODE.width + BLOCK_GAP) - BLOCK_GAP + 2 * BLOCK_PADDING,
    height: rows * (NODE.height + BLOCK_GAP) - BLOCK_GAP + 2 * BLOCK_PADDING,
  }
}

/** The middle of a node within its block; read downwards, column by column. */
export function cellOf(index: number, count: number): Point {
  const rows = Math.ceil(count / columnsOf(count))
  return {
    x: Math.floor(index / rows) * (NODE.width + BLOCK_GAP) + NODE.width / 2,
    y: (index % rows) * (NODE.height + BLOCK_GAP) + NODE.height / 2,
  }
}

/** The most lines written on one line, and the most letters in each. */
const MOST_LABELS = 3
const MOST_LETTERS = 40

/** What is written on a line. Plugins name relations, so neither number nor length is known. */
export function labelLines(labels: readonly string[]): string[] {
  const short = labels.map((label) =>
    label.length > MOST_LETTERS ? `${label.slice(0, MOST_LETTERS - 1)}…` : label,
  )
  if (short.length <= MOST_LABELS) return short
  return [...short.slice(0, MOST_LABELS - 1), `and ${short.length - MOST_LABELS + 1} more`]
}

/** The height of a line of a label. */
export const LABEL_LINE = 14

/** The room that a label needs. */
export function labelSize(labels: readonly string[]) {
  const lines = labelLines(labels)
  const longest = Math.max(0, ...lines.map((line) => line.length))
  return { width: longest * 5.8 + 12, height: lines.length * LABEL_LINE + 4 }
}
