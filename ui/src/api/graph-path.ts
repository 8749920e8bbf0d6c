import type { Box, Layout, PlacedEdge, Point } from './graph-place'
import type { Curve, Direction } from './graph-search'

const round = (value: number) => Math.round(value * 10) / 10
const at = ({ x, y }: Point) => `${round(x)},${round(y)}`

/** Points seen along the direction of the drawing, and back. */
const turned = (upright: boolean, { x, y }: Point): Point => (upright ? { x: y, y: x } : { x, y })

/** A line begins and ends in the middle of a side, where all lines of a node meet. */
function docked(points: readonly Point[], from: Box, to: Box, upright: boolean): Point[] {
  const dock = (box: Box, towards: Point): Point => {
    const middle = turned(upright, box)
    const half = (upright ? box.height : box.width) / 2
    const sign = turned(upright, towards).x < middle.x ? -1 : 1
    return { x: middle.x + sign * half, y: middle.y }
  }
  const between = points.slice(1, -1)
  const first = between[0] ?? to
  const last = between.at(-1) ?? from
  return [dock(from, first), ...between.map((point) => turned(upright, point)), dock(to, last)]
}

/** The slope of a line that leaves level, arrives level and swings over no point. */
function slopes(points: readonly Point[]): number[] {
  const between = points.slice(1).map((point, index) => {
    const before = points[index] ?? point
    return point.x === before.x ? 0 : (point.y - before.y) / (point.x - before.x)
  })
  return points.map((_, index) => {
    const before = between[index - 1] ?? 0
    const after = between[index] ?? 0
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after)
  })
}

function smooth(points: readonly Point[], write: (point: Point) => string): string {
  const slope = slopes(points)
  return points
    .map((point, index) => {
      const before = points[index - 1]
      if (!before) return `M${write(point)}`
      const reach = (point.x - before.x) / 2
      const one = { x: before.x + reach, y: before.y + reach * (slope[index - 1] ?? 0) }
      const two = { x: point.x - reach, y: point.y - reach * (slope[index] ?? 0) }
      return `C${write(one)} ${write(two)} ${write(point)}`
    })
    .join('')
}

function stepped(points: readonly Point[], write: (point: Point) => string): string {
  return points
    .map((point, index) => {
      const before = points[index - 1]
      if (!before) return `M${write(point)}`
      const middle = (before.x + point.x) / 2
      return `L${write({ x: middle, y: before.y })}L${write({ x: middle, y: point.y })}L${write(point)}`
    })
    .join('')
}

/** From the upper side of a node and back to it. */
const loop = ({ x, y, height }: Box): string => {
  const top = y - height / 2
  return `M${at({ x: x + 16, y: top })}C${at({ x: x + 16, y: top - 26 })} ${at({ x: x + 56, y: top - 26 })} ${at({ x: x + 56, y: top })}`
}

/** Whether two boxes share a layer, so that nothing is between them to swing through. */
const areBeside = (from: Box, to: Box, upright: boolean) =>
  upright
    ? Math.abs(from.y - to.y) < (from.height + to.height) / 2
    : Math.abs(from.x - to.x) < (from.width + to.width) / 2

/** From one side of a layer to the same side of it. */
function bow(from: Box, to: Box, upright: boolean): string {
  const side = (box: Box, reach: number) => {
    const middle = turned(upright, box)
    const half = (upright ? box.height : box.width) / 2
    return at(turned(upright, { x: middle.x + half + reach, y: middle.y }))
  }
  return `M${side(from, 0)}C${side(from, 70)} ${side(to, 70)} ${side(to, 0)}`
}

const isUpright = (direction: Direction) => direction === 'TB' || direction === 'BT'

/** The path of a line. */
export function pathOf(
  edge: PlacedEdge,
  boxes: ReadonlyMap<string, Box>,
  direction: Layout['direction'],
  curve: Curve,
): string {
  const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)]
  if (!from || !to) return ''
  if (from === to) return loop(from)
  const upright = isUpright(direction)
  if (edge.points.length === 0 && areBeside(from, to, upright)) return bow(from, to, upright)
  const points = docked(edge.points, from, to, upright)
  const write = (point: Point) => at(turned(upright, point))
  return curve === 'curveStepBefore' ? stepped(points, write) : smooth(points, write)
}
