import fc from 'fast-check'
import { expect, test } from 'vitest'
import { skeletonOf } from './graph-skeleton'

const units = Array.from({ length: 12 }, (_, index) => ({ id: `${index}`, refs: [`${index}`] }))
const node = fc.nat(11).map(String)
const edge = fc.record({ from: node, to: node, labels: fc.constant<string[]>(['dependsOn']) })

/** Which units lines connect, each group written once. */
function groupsOf(lines: Iterable<{ from: string; to: string }>): string[] {
  const all = [...lines]
  const groups = new Map(units.map(({ id }) => [id, id]))
  // As often as there are units, every group takes over the smallest name that it touches.
  for (const _ of units) {
    for (const { from, to } of all) {
      const least = [groups.get(from) ?? '', groups.get(to) ?? ''].sort()[0] ?? ''
      groups.set(from, least)
      groups.set(to, least)
    }
  }
  return units.map(({ id }) => groups.get(id) ?? '')
}

test('a skeleton connects what all lines connect, and has no more lines than it may', () => {
  fc.assert(
    fc.property(
      fc.array(edge, { maxLength: 60 }),
      fc.integer({ min: 11, max: 30 }),
      (edges, most) => {
        const bones = skeletonOf(units, edges, most)
        expect(bones.size).toBeLessThanOrEqual(most)
        expect(groupsOf(bones)).toEqual(groupsOf(edges))
        const lines = edges.filter(({ from, to }) => from !== to)
        if (lines.length <= most) expect(bones.size).toBe(lines.length)
      },
    ),
  )
})
