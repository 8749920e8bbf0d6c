import { conditionChanges, isBeside, type WrittenConditional } from './condition-changes'
import { roleCalls } from './role-calls'
import type { WrittenDraft } from './role-draft'
import type { Conditional, Policy, WholeRole } from './roles'

/** One of the changes that saving a role is made of. */
export interface Step {
  says: string
  run: () => Promise<void>
}

const policyKey = ({ target, verb, effect }: Policy) => `${target}, ${verb}, ${effect}`
const named = (policies: readonly Policy[]) =>
  policies.map(({ target, verb }) => `${target} (${verb})`).join(', ')
const about = ({ mapping, resourceType }: WrittenConditional) =>
  mapping.map(({ name, verb }) => `${name ?? resourceType} (${verb})`).join(', ')

const without = (some: readonly Policy[], others: readonly Policy[], effect: Policy['effect']) => {
  const known = new Set(others.map(policyKey))
  return some.filter((policy) => policy.effect === effect && !known.has(policyKey(policy)))
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
  const conditions = conditionChanges(conditionals, next.conditionals, isHandedOver)
  const { added, changed, removed } = conditions
  const shield = without(conditions.shield, [...old, ...policies], 'deny')
  // A condition takes the place of what is allowed without it. A role that has both loses the latter before the former.
  const beside = old.filter((policy) => isBeside(policy, conditionals))
  const allowedBefore = old.filter((policy) => !beside.includes(policy))
  const takes = [
    ...adding(role.name, [...without(policies, old, 'deny'), ...shield]),
    ...removing(role.name, [
      ...without(allowedBefore, policies, 'allow'),
      ...without(beside, [], 'allow'),
    ]),
    ...removed.map(removingCondition),
    ...changed.map((one) => changingCondition(role.name, one)),
  ]
  const gives = [
    ...added.map((one) => addingCondition(head.name, one)),
    ...adding(head.name, without(policies, allowedBefore, 'allow')),
    ...removing(head.name, [...without(old, policies, 'deny'), ...shield]),
  ]
  const leaving = { ...before, members: staying }
  const isLeftFirst = !isHandedOver && staying.length < role.members.length && changed.length > 0
  return [
    ...(isLeftFirst ? heading(before, leaving) : []),
    ...takes,
    ...heading(isLeftFirst ? leaving : before, head),
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

const changingCondition = (role: string, one: Conditional): Step => ({
  says: `change the conditions for ${about(one)}`,
  run: () => roleCalls.changeCondition(role, one),
})

const removingCondition = (one: Conditional): Step => ({
  says: `remove the conditions for ${about(one)}`,
  run: () => roleCalls.removeCondition(one.id),
})
