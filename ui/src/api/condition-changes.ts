import type { WrittenDraft } from './role-draft'
import type { Conditional, Policy } from './roles'

/** A condition of a role as somebody wants it; one that is stored has an id. */
export type WrittenConditional = WrittenDraft['conditionals'][number]

const overlaps = (one: WrittenConditional, two: WrittenConditional) =>
  one.resourceType === two.resourceType &&
  one.mapping.some((a) =>
    two.mapping.some((b) => a.verb === b.verb && (!a.name || !b.name || a.name === b.name)),
  )

/** Neither the order of its fields nor its id makes another condition of it. */
const sameness = ({ resourceType, mapping, condition }: WrittenConditional) =>
  JSON.stringify([resourceType, mapping.map(({ name, verb }) => [name, verb]), condition])

/** What happens to the conditions of a role. */
export interface ConditionChanges {
  /** Those that are made. */
  added: WrittenConditional[]
  /** Those that become others in one step. */
  changed: Conditional[]
  /** Those that are removed. */
  removed: Conditional[]
  /** What is denied meanwhile, because it has no conditions for a moment although it had some, and will have others. */
  shield: Policy[]
}

/**
 * What happens to conditions. One that is written anew for the same permissions is changed, in one step. Where that
 * cannot be, as two would be about the same for a moment, or `isHandedOver` and there is nobody for whom the old and
 * the new are meant, it is removed and made again.
 */
export function conditionChanges(
  old: readonly Conditional[],
  next: readonly WrittenConditional[],
  isHandedOver: boolean,
): ConditionChanges {
  const kept = next.filter(({ id }) => old.some((known) => known.id === id))
  const unclaimed = new Set(old.filter((known) => !kept.some(({ id }) => id === known.id)))
  const added: WrittenConditional[] = []
  const same: [Conditional, WrittenConditional][] = kept.flatMap((one) => {
    const known = old.find(({ id }) => id === one.id)
    return known ? [[known, one]] : []
  })
  for (const one of next.filter((candidate) => !kept.includes(candidate))) {
    const known = [...unclaimed].find((other) => overlaps(other, one))
    if (known) {
      unclaimed.delete(known)
      same.push([known, one])
    } else added.push(one)
  }
  const changing = same.filter(([known, one]) => sameness(known) !== sameness(one))
  const isInTheWay = ([known, one]: [Conditional, WrittenConditional]) =>
    old.some((other) => other !== known && !unclaimed.has(other) && overlaps(other, one))
  const anew = changing.filter((pair) => isHandedOver || isInTheWay(pair))
  const removed = [...unclaimed, ...anew.map(([known]) => known)]
  return {
    added: [...added, ...anew.map(([, one]) => one)],
    changed: changing
      .filter((pair) => !anew.includes(pair))
      .map(([known, one]) => ({ ...one, id: known.id })),
    removed,
    shield: next
      .filter(
        (one) =>
          removed.some((gone) => overlaps(gone, one)) ||
          (added.includes(one) && old.some((known) => overlaps(known, one))),
      )
      .flatMap(({ mapping, resourceType }) =>
        mapping.map(({ name, verb }) => ({ target: name ?? resourceType, verb, effect: 'deny' })),
      ),
  }
}

/** Whether a policy, by its name or its type, is about a permission that has conditions. */
export const isBeside = (
  { target, verb }: Pick<Policy, 'target' | 'verb'>,
  conditionals: readonly WrittenConditional[],
): boolean =>
  conditionals.some(({ mapping, resourceType }) =>
    mapping.some(
      (one) => one.verb === verb && (target === resourceType || !one.name || target === one.name),
    ),
  )
