import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nearestIn } from './graph-nearest'
import { centred, firstView, fitted, revealing, zoomed } from './graph-view'

const ROOM = { width: 800, height: 600 }
const size = fc.record({
  width: fc.integer({ min: 1, max: 20_000 }),
  height: fc.integer({ min: 1, max: 11_000 }),
})

test('what is pointed at stays where it is while the rest comes nearer', () => {
  const view = { x: 10, y: -40, zoom: 0.5 }
  const next = zoomed(view, 2, { x: 100, y: 50 })
  expect(next.zoom).toBe(1)
  expect((100 - next.x) / next.zoom).toBeCloseTo((100 - view.x) / view.zoom)
  expect((50 - next.y) / next.zoom).toBeCloseTo((50 - view.y) / view.zoom)
})

test('there is a nearest and a farthest', () => {
  const view = { x: 0, y: 0, zoom: 1 }
  expect(zoomed(view, 1e9, { x: 0, y: 0 }).zoom).toBe(3)
  expect(zoomed(view, 0, { x: 0, y: 0 }).zoom).toBe(0.02)
})

test('all of a drawing is seen when it is fitted', () => {
  fc.assert(
    fc.property(size, (drawing) => {
      const { x, y, zoom } = fitted(drawing, ROOM)
      expect(x).toBeGreaterThanOrEqual(-0.001)
      expect(y).toBeGreaterThanOrEqual(-0.001)
      expect(x + drawing.width * zoom).toBeLessThanOrEqual(800.001)
      expect(y + drawing.height * zoom).toBeLessThanOrEqual(600.001)
    }),
  )
})

test('a large drawing opens where its centre can be read, without empty room beside it', () => {
  const view = firstView({ width: 4000, height: 9000 }, ROOM, { x: 100, y: 4500 })
  expect(view.zoom).toBe(0.7)
  expect(view.x).toBe(0)
  expect(4500 * view.zoom + view.y).toBeCloseTo(300)
})

test('a node that is out of sight comes in, and one that is seen moves nothing', () => {
  const view = centred({ x: 0, y: 0 }, 1, ROOM)
  const box = { x: 600, y: 0, width: 100, height: 40 }
  const next = revealing(view, box, ROOM)
  expect(box.x + 50 + next.x).toBe(800 - 24)
  expect(revealing(next, box, ROOM)).toBe(next)
})

const PLACES = [
  { name: 'here', x: 0, y: 0 },
  { name: 'ahead', x: 200, y: 10 },
  { name: 'near, but aside', x: 60, y: 150 },
  { name: 'below', x: 5, y: 80 },
]

test.each([
  ['ArrowRight', 'ahead'],
  ['ArrowDown', 'below'],
  ['ArrowUp', undefined],
  ['ArrowLeft', undefined],
  ['Enter', undefined],
])('%s leads to %s', (key, name) => {
  expect(nearestIn(key, { x: 0, y: 0 }, PLACES)?.name).toBe(name)
})
