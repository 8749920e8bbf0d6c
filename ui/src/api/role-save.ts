import { roleCalls } from './role-calls'
import type { WrittenDraft } from './role-draft'
import type { Conditional, Policy, WholeRole } from './roles'

/** One of the changes that saving a role is made of. */
export interface Step {
  says: string
  run: () => Promise<void>
}

/** A save that ended before everything was done. */
export class SaveStopped extends Error {
  readonly done: readonly string[]
  readonly failed: string
  readonly left: readonly string[]

  constructor(steps: readonly Step[], failed: number, cause: unknown) {
    super('not everything was saved', { cause })
    this.name = 'SaveStopped'
    this.done = steps.slice(0, failed).map(({ says }) => says)
    this.failed = steps[failed]?.says ?? ''
    this.left = steps.slice(failed + 1).map(({ says }) => says)
  }
}

/** Does one change after the other, says what was done, and ends with the first that fails. */
export async function runSteps(steps: readonly Step[]): Promise<string[]> {
  for (const [index, { run }] of steps.entries()) {
    try {
      await run()
    } catch (thrown) {
      throw new SaveStopped(steps, index, thrown)
    }
  }
  return steps.map(({ says }) => says)
}

type WrittenConditional = WrittenDraft['conditionals'][number]

const policyKey = ({ target, verb, effect }: Policy) => `${target}, ${verb}, ${effect}`
const named = (policies: readonly Policy[]) =>
  policies.map(({ target, verb }) => `${target} (${verb})`).join(', ')
const about = ({ mapping, resourceType }: WrittenConditional) =>
  mapping.map(({ name, verb }) => `${name ?? resourceType} (${verb})`).join(', ')

const without = (some: readonly Policy[], others: readonly Policy[], effect: Policy['effect']) => {
  const known = new Set(others.map(policyKey))
  return some.filter((policy) => policy.effect === effect && !known.has(policyKey(policy)))
}

/** Whether each permission of a condition is also allowed without it. */
const isAllowedBy = (policies: readonly Policy[], { mapping, resourceType }: WrittenConditional) =>
  mapping.every(({ name, verb }) =>
    policies.some(
      ({ target, verb: allowed, effect }) =>
        effect === 'allow' && allowed === verb && (target === name || target === resourceType),
    ),
  )

const overlaps = (one: WrittenConditional, two: WrittenConditional) =>
  one.resourceType === two.resourceType &&
  one.mapping.some((a) =>
    two.mapping.some((b) => a.verb === b.verb && (!a.name || !b.name || a.name === b.name)),
  )

/** A condition as it is compared: neither the order of its fields nor its id makes another one of it. */
const sameness = ({ resourceType, mapping, condition }: WrittenConditional) =>
  JSON.stringify([resourceType, mapping.map(({ name, verb }) => [name, verb]), condition])

interface ConditionChanges {
  added: WrittenConditional[]
  changed: Conditional[]
  removed: Conditional[]
}

/** What happens to conditions: one that is written anew for the same permissions is changed, not removed and added. */
function conditionChanges(
  old: readonly Conditional[],
  next: readonly WrittenConditional[],
): ConditionChanges {
  const kept = next.filter(({ id }) => old.some((known) => known.id === id))
  let removed = old.filter((known) => !kept.some(({ id }) => id === known.id))
  const added: WrittenConditional[] = []
  const changed = kept.flatMap((one) => {
    const known = old.find(({ id }) => id === one.id)
    return known && sameness(known) !== sameness(one) ? [{ ...one, id: known.id }] : []
  })
  for (const one of next.filter((candidate) => !kept.includes(candidate))) {
    const replaced = removed.find((known) => overlaps(known, one))
    if (!replaced) added.push(one)
    else {
      if (sameness(replaced) !== sameness(one)) changed.push({ ...one, id: replaced.id })
      removed = removed.filter((known) => known !== replaced)
    }
  }
  return { added, changed, removed }
}

/** The changes that make a role, or turn `base` into it, such that none that fails leaves more permitted than meant. */
export function planSave(base: WholeRole | undefined, next: WrittenDraft): Step[] {
  return base ? changing(base, next) : making(next)
}

/** A role without policies permits nothing: it is made first, and what it allows comes last. */
function making({ head, policies, conditionals }: WrittenDraft): Step[] {
  return [
    { says: `make the role ${head.name}`, run: () => roleCalls.create(head) },
    ...adding(head.name, without(policies, [], 'deny')),
    ...conditionals.map((one) => addingCondition(head.name, one)),
    ...adding(head.name, without(policies, [], 'allow')),
  ]
}

/**
 * First what takes something away, then the name and the members, and last what gives something:
 * so nobody who leaves gets what is new, and nobody who joins gets what is old.
 */
function changing({ role, policies: old, conditionals }: WholeRole, next: WrittenDraft): Step[] {
  const { head, policies } = next
  const before = { name: role.name, members: role.members, description: role.description }
  const staying = role.members.filter((member) => head.members.includes(member))
  const isHandedOver = staying.length === 0
  const { added, changed, removed } = conditionChanges(conditionals, next.conditionals)
  const narrowing = added.filter((one) => isAllowedBy(old, one))
  const widening = removed.filter((one) => isAllowedBy(policies, one))
  // When nobody stays there is no moment in which a changed condition is meant for all who have the role.
  const replaced = isHandedOver ? changed : []

  const takes = [
    ...adding(role.name, without(policies, old, 'deny')),
    ...narrowing.map((one) => addingCondition(role.name, one)),
    ...removing(role.name, without(old, policies, 'allow')),
    ...[...removed.filter((one) => !widening.includes(one)), ...replaced].map(removingCondition),
    ...changed
      .filter((one) => !replaced.includes(one))
      .map((one) => ({
        says: `change the conditions for ${about(one)}`,
        run: () => roleCalls.changeCondition(role.name, one),
      })),
  ]
  const gives = [
    ...[...added.filter((one) => !narrowing.includes(one)), ...replaced].map((one) =>
      addingCondition(head.name, one),
    ),
    ...adding(head.name, without(policies, old, 'allow')),
    ...removing(head.name, without(old, policies, 'deny')),
    ...widening.map(removingCondition),
  ]
  const isLeft = !isHandedOver && staying.length < role.members.length
  const leaving = { ...before, members: staying }
  const needsLeaving = isLeft && changed.length > 0
  const from = needsLeaving ? leaving : before
  return [
    ...(needsLeaving
      ? [{ says: 'remove members', run: () => roleCalls.change(before, leaving) }]
      : []),
    ...takes,
    ...heading(from, head),
    ...gives,
  ]
}

function heading(before: WrittenDraft['head'], after: WrittenDraft['head']): Step[] {
  const members = (head: WrittenDraft['head']) => [...head.members].sort().join()
  const what = [
    before.name !== after.name && 'name',
    before.description !== after.description && 'description',
    members(before) !== members(after) && 'members',
  ].filter((word) => word !== false)
  if (what.length === 0) return []
  return [{ says: `change the ${what.join(', ')}`, run: () => roleCalls.change(before, after) }]
}

function adding(role: string, policies: readonly Policy[]): Step[] {
  const [first] = policies
  if (!first) return []
  const says = `${first.effect} ${named(policies)}`
  return [{ says, run: () => roleCalls.addPolicies(role, policies) }]
}

function removing(role: string, policies: readonly Policy[]): Step[] {
  const [first] = policies
  if (!first) return []
  const says = `no longer ${first.effect} ${named(policies)}`
  return [{ says, run: () => roleCalls.removePolicies(role, policies) }]
}

const addingCondition = (role: string, { id: _, ...one }: WrittenConditional): Step => ({
  says: `allow ${about(one)} under conditions`,
  run: () => roleCalls.addCondition(role, one),
})

const removingCondition = (one: Conditional): Step => ({
  says: `remove the conditions for ${about(one)}`,
  run: () => roleCalls.removeCondition(one.id),
})
