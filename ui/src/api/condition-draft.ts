import type { Condition, RuleUse } from './conditions'

/** How the parts of a group count together. */
export type Together = 'allOf' | 'anyOf' | 'noneOf'

/** A rule that somebody is writing. */
export interface DraftRule {
  key: number
  rule: string
  params: Record<string, unknown>
}

/** Several conditions that somebody is writing. */
export interface DraftGroup {
  key: number
  together: Together
  items: DraftCondition[]
}

/** Conditions that somebody is writing; the keys tell parts apart that look the same. */
export type DraftCondition = DraftRule | DraftGroup

export const isGroup = (draft: DraftCondition): draft is DraftGroup => 'items' in draft

let last = 0

/** A key that nothing else has. */
export function newKey(): number {
  last += 1
  return last
}

/** A rule that says nothing yet. */
export const emptyRule = (rule = ''): DraftRule => ({ key: newKey(), rule, params: {} })

/** A group with one rule that says nothing yet. */
export const emptyGroup = (together: Together = 'allOf'): DraftGroup => ({
  key: newKey(),
  together,
  items: [emptyRule()],
})

const group = (together: Together, conditions: readonly Condition[]): DraftGroup => ({
  key: newKey(),
  together,
  items: conditions.map(draftOf),
})

function draftOf(condition: Condition): DraftCondition {
  if ('allOf' in condition) return group('allOf', condition.allOf)
  if ('anyOf' in condition) return group('anyOf', condition.anyOf)
  if ('not' in condition) {
    const { not } = condition
    return group('noneOf', 'anyOf' in not ? not.anyOf : [not])
  }
  return { key: newKey(), rule: condition.rule, params: { ...condition.params } }
}

/** Conditions to be changed: always a group, so that there is a place for more. */
export function conditionDraft(condition: Condition): DraftGroup {
  const draft = draftOf(condition)
  return isGroup(draft) ? draft : { key: newKey(), together: 'allOf', items: [draft] }
}

/** What was not told is left out. */
const told = (params: DraftRule['params']): RuleUse['params'] =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''))

/** The conditions that a draft stands for. A group of one is that one. */
export function conditionOf(draft: DraftCondition, resourceType: string): Condition {
  if (!isGroup(draft)) return { rule: draft.rule, resourceType, params: told(draft.params) }
  const items = draft.items.map((item) => conditionOf(item, resourceType))
  const [only] = items
  const isOne = only !== undefined && items.length === 1
  if (draft.together === 'noneOf') return { not: isOne ? only : { anyOf: items } }
  if (isOne) return only
  return draft.together === 'allOf' ? { allOf: items } : { anyOf: items }
}
