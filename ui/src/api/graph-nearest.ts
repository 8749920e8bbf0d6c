import type { Point } from './graph-place'

const AHEAD: Record<string, (from: Point, to: Point) => [ahead: number, aside: number]> = {
  ArrowRight: (from, to) => [to.x - from.x, to.y - from.y],
  ArrowLeft: (from, to) => [from.x - to.x, to.y - from.y],
  ArrowDown: (from, to) => [to.y - from.y, to.x - from.x],
  ArrowUp: (from, to) => [from.y - to.y, to.x - from.x],
}

/** How much farther a place seems that is not straight ahead. */
const ASIDE = 2
/** What is more aside than ahead comes after everything else. */
const FAR = 100_000

/** The place that an arrow key leads to: the nearest one in its direction. */
export function nearestIn<T extends Point>(
  key: string,
  from: Point,
  places: readonly T[],
): T | undefined {
  const measure = AHEAD[key]
  if (!measure) return undefined
  let best: T | undefined
  let least = Number.POSITIVE_INFINITY
  for (const place of places) {
    const [ahead, aside] = measure(from, place)
    const off = Math.abs(aside) > 1.5 * ahead ? FAR : 0
    const distance = off + ahead + ASIDE * Math.abs(aside)
    if (ahead > 1 && distance < least) [best, least] = [place, distance]
  }
  return best
}
