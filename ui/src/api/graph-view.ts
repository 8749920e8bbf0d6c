import type { Box, Point } from './graph-place'

/** Which part of a drawing is seen: a place `p` of it shows at `p * zoom + (x, y)`. */
export interface View extends Point {
  zoom: number
}

/** The room to show it in. */
export interface Size {
  width: number
  height: number
}

const LEAST_ZOOM = 0.02
const MOST_ZOOM = 3

/** Below this a title is no longer read. */
const READABLE_ZOOM = 0.7

const within = (least: number, value: number, most: number) =>
  Math.min(most, Math.max(least, value))

/** Nearer or farther; what is at `point` stays there. */
export function zoomed(view: View, factor: number, point: Point): View {
  const zoom = within(LEAST_ZOOM, view.zoom * factor, MOST_ZOOM)
  const change = zoom / view.zoom
  return {
    zoom,
    x: point.x - (point.x - view.x) * change,
    y: point.y - (point.y - view.y) * change,
  }
}

/** A place of the drawing in the middle of the room. */
export const centred = (place: Point, zoom: number, room: Size): View => ({
  zoom,
  x: room.width / 2 - place.x * zoom,
  y: room.height / 2 - place.y * zoom,
})

/** The whole drawing, no larger than it is. */
export function fitted(drawing: Size, room: Size): View {
  const zoom = Math.min(room.width / drawing.width, room.height / drawing.height, 1)
  const middle = { x: drawing.width / 2, y: drawing.height / 2 }
  return centred(middle, zoom, room)
}

/** The first view: all of it where that can be read, else what is around the centre. */
export function firstView(drawing: Size, room: Size, centre: Point | undefined): View {
  const whole = fitted(drawing, room)
  if (whole.zoom >= READABLE_ZOOM || !centre) return whole
  const view = centred(centre, READABLE_ZOOM, room)
  return { ...view, ...kept(view, drawing, room) }
}

/** No empty room beside a drawing that is larger than the room. */
function kept(view: View, drawing: Size, room: Size): Point {
  const along = (start: number, length: number, space: number) =>
    length <= space ? (space - length) / 2 : within(space - length, start, 0)
  return {
    x: along(view.x, drawing.width * view.zoom, room.width),
    y: along(view.y, drawing.height * view.zoom, room.height),
  }
}

/** Moved just as far as it takes to see a box. */
export function revealing(view: View, box: Box, room: Size, margin = 24): View {
  const shift = (middle: number, length: number, start: number, space: number) => {
    const [low, high] = [middle - length / 2, middle + length / 2].map(
      (side) => side * view.zoom + start,
    )
    if (low === undefined || high === undefined) return 0
    if (low < margin) return margin - low
    return high > space - margin ? Math.max(space - margin - high, margin - low) : 0
  }
  const x = shift(box.x, box.width, view.x, room.width)
  const y = shift(box.y, box.height, view.y, room.height)
  return x === 0 && y === 0 ? view : { ...view, x: view.x + x, y: view.y + y }
}
