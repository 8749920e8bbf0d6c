import type { Unit, UnitEdge } from './graph-pack'

/**
 * The lines that say where everything stands: first those that hold the graph together, then as many
 * others as there is time for. Beyond that nobody could follow a line with the eye anyway.
 */
export function skeletonOf(
  units: readonly Unit[],
  edges: readonly UnitEdge[],
  most: number,
): ReadonlySet<UnitEdge> {
  const lines = edges.filter(({ from, to }) => from !== to)
  if (lines.length <= most) return new Set(lines)

  const parents = new Map(units.map(({ id }) => [id, id]))
  const groupOf = (id: string): string => {
    let group = id
    for (let next = parents.get(group); next && next !== group; next = parents.get(group))
      group = next
    parents.set(id, group)
    return group
  }
  const holding = lines.filter(({ from, to }) => {
    const [one, other] = [groupOf(from), groupOf(to)]
    parents.set(one, other)
    return one !== other
  })
  const found = new Set(holding)
  for (const line of lines) if (found.size < most) found.add(line)
  return found
}
