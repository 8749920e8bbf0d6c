import type { Box } from './graph-place'
import type { Direction } from './graph-search'

/** Boxes by the unit they are of, and the room that all of them take. */
export interface Boxes {
  boxes: ReadonlyMap<string, Box>
  width: number
  height: number
}

/** A box in a layer: `ahead` is where lines lead, `across` is along the layer. */
interface Cell {
  id: string
  ahead: number
  across: number
  deep: number
  long: number
}

/** A drawing is folded once it is so much longer than it is deep. */
const TOO_LONG = 3
const MOST_COLUMNS = 30
/** Layers of fewer units stay in one column. */
const FEW = 10
const GAP = 16
const MARGIN = 24

const isUpright = (direction: Direction) => direction === 'TB' || direction === 'BT'
const isBackward = (direction: Direction) => direction === 'RL' || direction === 'BT'

/** Units side by side in one layer. */
function layersOf(cells: readonly Cell[]): Cell[][] {
  const layers: Cell[][] = []
  for (const cell of cells.toSorted((a, b) => a.ahead - a.deep / 2 - (b.ahead - b.deep / 2))) {
    const start = (one: Cell) => one.ahead - one.deep / 2
    const last = layers.at(-1)
    const first = last?.[0]
    if (last && first && start(cell) - start(first) < 8) last.push(cell)
    else layers.push([cell])
  }
  return layers.map((layer) => layer.toSorted((a, b) => a.across - b.across))
}

/** Units of a layer in rows of `columns`; what is larger than a node has a row of its own. */
function rowsOf(layer: readonly Cell[], columns: number, least: number): Cell[][] {
  const rows: Cell[][] = []
  let open = false
  for (const cell of layer) {
    const isNode = cell.deep <= least
    const last = rows.at(-1)
    if (open && isNode && last && last.length < columns) last.push(cell)
    else rows.push([cell])
    open = isNode
  }
  return rows
}

/** Gives the rows of a layer their places, near to where they were before everything shrank. */
function stack(rows: readonly Cell[][], shrink: number): number[] {
  let end = Number.NEGATIVE_INFINITY
  const middles: number[] = []
  let shift = 0
  for (const row of rows) {
    const long = Math.max(...row.map((cell) => cell.long))
    const wish = (row.reduce((sum, { across }) => sum + across, 0) / row.length) * shrink
    const middle = Math.max(wish, end + GAP + long / 2)
    shift += middle - wish
    end = middle + long / 2
    middles.push(middle)
  }
  return middles.map((middle) => middle - shift / Math.max(1, rows.length))
}

/**
 * Folds layers of hundreds of units into several columns each, so that a drawing is about as long as
 * it is deep; `undefined` where there is no need.
 */
export function folded({ boxes, width, height }: Boxes, direction: Direction): Boxes | undefined {
  const upright = isUpright(direction)
  const [long, deep] = upright ? [width, height] : [height, width]
  if (long < 2000 || long < TOO_LONG * deep) return undefined

  const cells = [...boxes].map(([id, box]): Cell => {
    const ahead = upright ? box.y : box.x
    const [own, along] = upright ? [box.height, box.width] : [box.width, box.height]
    return {
      id,
      ahead: isBackward(direction) ? deep - ahead : ahead,
      across: upright ? box.x : box.y,
      deep: own,
      long: along,
    }
  })
  const layers = layersOf(cells)
  const node = Math.min(...cells.map((cell) => cell.deep))
  const large = layers.filter((layer) => layer.length > FEW).length
  let columns = 2
  const lengthWith = (count: number) => long / count / (deep + large * (count - 1) * (node + GAP))
  while (columns < MOST_COLUMNS && lengthWith(columns) > 1.2) columns += 1

  const places = new Map<string, { ahead: number; across: number }>()
  let start = MARGIN
  for (const layer of layers) {
    const wide = layer.length > FEW ? columns : 1
    const rows = rowsOf(layer, wide, node)
    const middles = stack(rows, 1 / columns)
    let most = 0
    for (const [index, row] of rows.entries()) {
      let ahead = start
      for (const cell of row) {
        places.set(cell.id, { ahead: ahead + cell.deep / 2, across: middles[index] ?? 0 })
        ahead += cell.deep + GAP
      }
      most = Math.max(most, ahead - GAP - start)
    }
    start += most + (upright ? 90 : 180)
  }
  return drawn(cells, places, direction)
}

/** The boxes at their new places, within a room that begins at zero. */
function drawn(
  cells: readonly Cell[],
  places: ReadonlyMap<string, { ahead: number; across: number }>,
  direction: Direction,
): Boxes {
  const found = cells.map((cell) => ({ ...cell, ...places.get(cell.id) }))
  const first = Math.min(...found.map(({ across, long }) => across - long / 2)) - MARGIN
  const long = Math.max(...found.map(({ across, long }) => across + long / 2)) + MARGIN - first
  const deep = Math.max(...found.map((cell) => cell.ahead + cell.deep / 2)) + MARGIN
  const upright = isUpright(direction)
  const boxes = new Map<string, Box>()
  for (const cell of found) {
    const ahead = isBackward(direction) ? deep - cell.ahead : cell.ahead
    const across = cell.across - first
    boxes.set(
      cell.id,
      upright
        ? { x: across, y: ahead, width: cell.long, height: cell.deep }
        : { x: ahead, y: across, width: cell.deep, height: cell.long },
    )
  }
  return { boxes, width: upright ? long : deep, height: upright ? deep : long }
}
