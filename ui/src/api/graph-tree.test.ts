import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Graph } from './graph'
import type { GraphEdge } from './graph-edges'
import { type Branch, treeOf } from './graph-tree'

const graphOf = (...refs: string[]): Graph => ({
  roots: refs.slice(0, 1),
  nodes: refs.map((ref) => ({
    ref,
    kind: 'Component',
    title: ref,
    level: 0,
    missing: false,
    more: 0,
  })),
  relations: [],
  left: 0,
})

const written = (branches: readonly Branch[], indent = ''): string[] =>
  branches.flatMap(({ ref, labels, again, branches }) => [
    `${indent}${labels.join(', ')} ${ref}${again ? ' again' : ''}`,
    ...written(branches, `${indent}-`),
  ])

test('a graph reads from its centre outwards, whichever way its lines lead', () => {
  const edges = [
    { from: 'a', to: 'b', labels: ['dependsOn / dependencyOf'] },
    { from: 'c', to: 'b', labels: ['dependsOn', 'promotedTo'] },
    { from: 'c', to: 'a', labels: ['partOf / hasPart'] },
  ]
  expect(written(treeOf(graphOf('a', 'b', 'c'), edges))).toEqual([
    ' a',
    '-dependsOn / dependencyOf b',
    '--dependencyOf, is named by (promotedTo) c again',
    '-hasPart / partOf c',
  ])
})

test('every line is told once, and every node with what is below it at most once', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e')
  const edge: fc.Arbitrary<GraphEdge> = fc.record({
    from: name,
    to: name,
    labels: fc.constant(['dependsOn']),
  })
  fc.assert(
    fc.property(fc.array(edge), (edges) => {
      const connected = [
        { from: 'a', to: 'b', labels: [] },
        ...'cde'.split('').map((to) => ({ from: 'b', to, labels: [] })),
      ]
      const lines = written(treeOf(graphOf('a', 'b', 'c', 'd', 'e'), [...connected, ...edges]))
      expect(lines).toHaveLength(1 + connected.length + edges.length)
      expect(lines.filter((line) => !line.endsWith('again'))).toHaveLength(5)
    }),
  )
})
