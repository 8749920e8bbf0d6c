import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Graph } from './graph'
import { drawingOf } from './graph-drawing'
import { layOut } from './graph-layout'
import { pathOf } from './graph-path'
import { type Box, type Layout, NODE } from './graph-place'

const STYLE = { unidirectional: false, mergeRelations: true }

/** A graph of `count` nodes with lines between some of them, the first being the centre. */
function graphOf(count: number, pairs: readonly (readonly [number, number])[]): Graph {
  return {
    roots: ['n0'],
    nodes: Array.from({ length: count }, (_, index) => ({
      ref: `n${index}`,
      level: index === 0 ? 0 : 1,
      kind: 'Component',
      title: `Node ${index}`,
      missing: false,
      more: 0,
    })),
    relations: pairs.map(([from, to]) => ({ from: `n${from}`, type: 'dependsOn', to: `n${to}` })),
    left: 0,
  }
}

const star = (count: number) =>
  graphOf(
    count + 1,
    Array.from({ length: count }, (_, index) => [0, index + 1] as const),
  )

function overlaps({ nodes }: Layout): string[] {
  return nodes.flatMap((one, index) =>
    nodes
      .slice(index + 1)
      .filter(
        (other) =>
          Math.abs(one.x - other.x) < NODE.width && Math.abs(one.y - other.y) < NODE.height,
      )
      .map((other) => `${one.ref} lies on ${other.ref}`),
  )
}

test('three hundred neighbours are one block and one line', () => {
  const layout = layOut(drawingOf(star(300), STYLE, 'LR'))
  expect(layout.boxes).toHaveLength(2)
  expect(layout.edges).toHaveLength(1)
  expect(layout.nodes).toHaveLength(301)
  expect(overlaps(layout)).toEqual([])
})

test('a few neighbours stay apart', () => {
  expect(layOut(drawingOf(star(5), STYLE, 'LR')).boxes).toHaveLength(6)
})

test.each([
  ['LR', (from: Box, to: Box) => from.x < to.x],
  ['RL', (from: Box, to: Box) => from.x > to.x],
  ['TB', (from: Box, to: Box) => from.y < to.y],
  ['BT', (from: Box, to: Box) => from.y > to.y],
] as const)('%s leads away from the centre', (direction, follows) => {
  const { boxes } = layOut(drawingOf(graphOf(2, [[0, 1]]), STYLE, direction))
  const [from, to] = boxes
  expect(from && to && follows(from, to)).toBe(true)
})

test.each(['LR', 'RL', 'TB', 'BT'] as const)('layers of hundreds are folded, %s', (direction) => {
  // No two of the far nodes have the same neighbours, so that none of them share a block.
  const far = Array.from({ length: 400 }, (_, index) => index + 21)
  const pairs = far.flatMap((node) => [
    [1 + (node % 20), node] as const,
    [1 + (node % 19), node] as const,
  ])
  const near = Array.from({ length: 20 }, (_, index) => [0, index + 1] as const)
  const layout = layOut(drawingOf(graphOf(421, [...near, ...pairs]), STYLE, direction))
  expect(layout.nodes).toHaveLength(421)
  expect(overlaps(layout)).toEqual([])
  expect(Math.max(layout.width / layout.height, layout.height / layout.width)).toBeLessThan(3)
  for (const { x, y } of layout.nodes) {
    expect(x > 0 && x < layout.width && y > 0 && y < layout.height).toBe(true)
  }
})

test('every node has a place of its own within the drawing, in circles and loops too', () => {
  const graphs = fc.integer({ min: 1, max: 24 }).chain((count) => {
    const node = fc.nat(count - 1)
    return fc.array(fc.tuple(node, node), { maxLength: 60 }).map((pairs) => graphOf(count, pairs))
  })
  fc.assert(
    fc.property(graphs, fc.constantFrom('LR', 'TB', 'RL', 'BT'), (graph, direction) => {
      const layout = layOut(drawingOf(graph, STYLE, direction))
      expect(layout.nodes.map(({ ref }) => ref).sort()).toEqual(
        graph.nodes.map(({ ref }) => ref).sort(),
      )
      expect(overlaps(layout)).toEqual([])
      const boxes = new Map(layout.boxes.map((box) => [box.id, box]))
      for (const box of layout.boxes) {
        expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0)
        expect(box.x + box.width / 2).toBeLessThanOrEqual(layout.width)
      }
      for (const edge of layout.edges) {
        for (const curve of ['curveMonotoneX', 'curveStepBefore'] as const) {
          expect(pathOf(edge, boxes, direction, curve)).toMatch(/^M[\d.,\sCL-]+$/)
        }
      }
    }),
    { numRuns: 40 },
  )
})
