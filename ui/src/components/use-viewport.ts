import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { Box, Layout, Point } from '../api/graph-place'
import { firstView, fitted, revealing, type Size, type View, zoomed } from '../api/graph-view'

/** Until the room is measured. */
const ROOM: Size = { width: 960, height: 560 }
/** What one press of a button or key does. */
const STEP = 1.3
const PAN = 80
/** A press that moves less than this is a click. */
const CLICK = 4

interface Shown {
  layout: Layout
  centre: string | undefined
  /** Absent until somebody moves or zooms: until then everything is fitted to the room. */
  view?: View
}

const placeOf = (layout: Layout, ref: string | undefined): Point | undefined =>
  layout.nodes.find((node) => node.ref === ref)

/**
 * Which part of a drawing is seen. When another drawing takes its place, the node that is `held`
 * stays where it was.
 */
export function useViewport(layout: Layout, centre: string | undefined, held: string | undefined) {
  const room = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState(ROOM)
  const [shown, setShown] = useState<Shown>({ layout, centre })
  const [isGliding, setIsGliding] = useState(false)
  const pointers = useRef(new Map<number, Point>())
  const isDragged = useRef(false)

  const viewOf = ({ layout, view }: Shown) =>
    view ?? firstView(layout, size, placeOf(layout, centre))
  let now = shown
  if (shown.layout !== layout) {
    // Around another centre everything is new, and nothing is held.
    const keeps = shown.centre === centre && shown.view !== undefined
    const [before, after] = [placeOf(shown.layout, held), placeOf(layout, held)]
    const view = viewOf(shown)
    now = {
      layout,
      centre,
      ...(keeps && before && after
        ? {
            view: {
              zoom: view.zoom,
              x: view.x + (before.x - after.x) * view.zoom,
              y: view.y + (before.y - after.y) * view.zoom,
            },
          }
        : {}),
    }
    setShown(now)
  }
  const view = viewOf(now)

  const move = (change: (view: View) => View, glide = true) => {
    setIsGliding(glide)
    setShown((last) => ({ ...last, view: change(viewOf(last)) }))
  }
  const middle = { x: size.width / 2, y: size.height / 2 }

  // The room changes with the window, which only an observer tells.
  useEffect(() => {
    const element = room.current
    if (!element || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {}
      if (width > 0 && height > 0) setSize({ width, height })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  // React's own listener cannot keep the page from scrolling, so this one is added by hand.
  useEffect(() => {
    const element = room.current
    const wheel = (event: WheelEvent) => {
      event.preventDefault()
      const { left, top } =
        event.currentTarget instanceof Element
          ? event.currentTarget.getBoundingClientRect()
          : { left: 0, top: 0 }
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1)
      const factor = Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0016))
      move(
        (view) => zoomed(view, factor, { x: event.clientX - left, y: event.clientY - top }),
        false,
      )
    }
    element?.addEventListener('wheel', wheel, { passive: false })
    return () => element?.removeEventListener('wheel', wheel)
  })

  const pointerMove = (event: PointerEvent) => {
    const last = pointers.current.get(event.pointerId)
    if (!last) return
    const place = { x: event.clientX, y: event.clientY }
    const way = Math.hypot(place.x - last.x, place.y - last.y)
    if (!isDragged.current && way < CLICK) return
    isDragged.current = true
    event.currentTarget.setPointerCapture(event.pointerId)
    pointers.current.set(event.pointerId, place)
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
    const { left = 0, top = 0 } = room.current?.getBoundingClientRect() ?? {}
    move((view) => {
      if (!other) return { ...view, x: view.x + place.x - last.x, y: view.y + place.y - last.y }
      const spread = (from: Point) => Math.hypot(from.x - other.x, from.y - other.y)
      const between = { x: (place.x + other.x) / 2 - left, y: (place.y + other.y) / 2 - top }
      const shifted = {
        ...view,
        x: view.x + (place.x - last.x) / 2,
        y: view.y + (place.y - last.y) / 2,
      }
      return zoomed(shifted, spread(place) / Math.max(1, spread(last)), between)
    }, false)
  }
  const pointerEnd = ({ pointerId }: PointerEvent) => pointers.current.delete(pointerId)

  return {
    room,
    view,
    isGliding,
    nearer: () => move((view) => zoomed(view, STEP, middle)),
    farther: () => move((view) => zoomed(view, 1 / STEP, middle)),
    fit: () => move(() => fitted(layout, size)),
    pan: (x: number, y: number) =>
      move((view) => ({ ...view, x: view.x + x * PAN, y: view.y + y * PAN })),
    reveal: (box: Box) => move((view) => revealing(view, box, size)),
    /** Whether the press that just ended moved the drawing, and was no click. */
    wasDragged: () => isDragged.current,
    pointer: {
      onPointerDown: (event: PointerEvent) => {
        if (event.button !== 0) return
        if (pointers.current.size === 0) isDragged.current = false
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
      },
      onPointerMove: pointerMove,
      onPointerUp: pointerEnd,
      onPointerCancel: pointerEnd,
    },
  }
}
