import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Graph, GraphRelation } from './graph'
import { type EdgeStyle, edgesOf } from './graph-edges'
import { inverseOf, WELL_KNOWN_RELATIONS } from './relation-pairs'

/** A graph of relations written as `a ownerOf b`, with the levels of its nodes. */
function graphOf(relations: readonly string[], levels: Record<string, number>): Graph {
  return {
    roots: Object.keys(levels).filter((ref) => levels[ref] === 0),
    nodes: Object.entries(levels).map(([ref, level]) => ({
      ref,
      level,
      kind: 'Component',
      title: ref,
      missing: false,
      more: 0,
    })),
    relations: relations.map((text) => {
      const [from = '', type = '', to = ''] = text.split(' ')
      return { from, type, to }
    }),
    left: 0,
  }
}

const lines = (
  relations: string[],
  levels: Record<string, number>,
  style: Partial<EdgeStyle> = {},
) =>
  edgesOf(graphOf(relations, levels), { unidirectional: true, mergeRelations: true, ...style }).map(
    ({ from, to, labels }) => `${from} -> ${to}: ${labels.join(', ')}`,
  )

const BOTH = ['g ownerOf a', 'a ownedBy g']

test('both sides of a relation are one line, read from the centre', () => {
  expect(lines(BOTH, { a: 0, g: 1 })).toEqual(['a -> g: ownedBy / ownerOf'])
  expect(lines(BOTH, { g: 0, a: 1 })).toEqual(['g -> a: ownerOf / ownedBy'])
})

test('apart, one line leads away, or two lead both ways', () => {
  const levels = { a: 0, g: 1 }
  expect(lines(BOTH, levels, { mergeRelations: false })).toEqual(['a -> g: ownedBy'])
  expect(lines(BOTH, levels, { mergeRelations: false, unidirectional: false })).toEqual([
    'a -> g: ownedBy',
    'g -> a: ownerOf',
  ])
})

test('what only the other side states keeps its direction', () => {
  expect(lines(['b promotedTo a'], { a: 0, b: 1 })).toEqual(['b -> a: promotedTo'])
  expect(lines(['b promotedTo a'], { a: 0, b: 1 }, { mergeRelations: false })).toEqual([
    'b -> a: promotedTo',
  ])
})

test('shortcuts between entities equally far are left out, unless all lines are wanted', () => {
  const relations = ['a dependsOn b', 'a dependsOn c', 'b dependsOn c', 'b dependsOn b']
  const levels = { a: 0, b: 1, c: 1 }
  expect(lines(relations, levels)).not.toContain('b -> c: dependsOn')
  expect(lines(relations, levels)).toContain('b -> b: dependsOn')
  expect(lines(relations, levels, { unidirectional: false })).toContain('b -> c: dependsOn')
})

const names = fc.constantFrom('a', 'b', 'c', 'd')
const relation: fc.Arbitrary<GraphRelation> = fc.record({
  from: names,
  type: fc.constantFrom(...WELL_KNOWN_RELATIONS, 'promotedTo'),
  to: names,
})

const spelled = ({ from, type, to }: GraphRelation) => `${from} ${type} ${to}`

test('merging keeps every relation, and adds none', () => {
  fc.assert(
    fc.property(
      fc.array(relation),
      fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
      (relations, depth) => {
        const [b, c, d] = depth
        const stated = [...new Set(relations.map(spelled))].sort()
        const graph = graphOf(stated, { a: 0, b, c, d })
        const found = edgesOf(graph, { unidirectional: false, mergeRelations: true }).flatMap(
          ({ from, to, labels }) =>
            labels.flatMap((label) => {
              const [type = '', inverse] = label.split(' / ')
              if (inverse) expect(inverse).toBe(inverseOf(type))
              const there = { from, type, to }
              return inverse ? [there, { from: to, type: inverse, to: from }] : [there]
            }),
        )
        expect([...new Set(found.map(spelled))].sort()).toEqual(stated)
      },
    ),
  )
})
