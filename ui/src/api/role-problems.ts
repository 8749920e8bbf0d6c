import { type DraftCondition, isGroup } from './condition-draft'
import { type Item, itemKey, type RoleDraft, roleName, type Statement } from './role-draft'
import type { RuleInfo } from './roles'
import { ruleFields } from './rule-schema'

/** What is wrong with a draft, by the part that it is about. */
export type Problems = ReadonlyMap<string, string>

export const aboutStatement = (key: number): string => `statement ${key}`
export const aboutCondition = (key: number): string => `condition ${key}`

/** The most permissions that one condition may name. */
const MOST_NAMED = 25

/** What has to be put right before a draft can be saved. */
export function problemsOf(draft: RoleDraft, rules: readonly RuleInfo[]): Problems {
  const problems = new Map<string, string>()
  if (!draft.name.trim()) problems.set('name', 'Give the role a name.')
  else if (!roleName(draft.name)) {
    const rule = 'letters and digits, with single -, _ or . between them, and at most 63 of them'
    problems.set('name', `A name is made of ${rule}.`)
  }
  if (draft.members.length === 0) problems.set('members', 'Add at least one person or group.')
  for (const statement of draft.statements) {
    const problem = statementProblem(statement, draft.statements)
    if (problem) problems.set(aboutStatement(statement.key), problem)
    if (statement.effect === 'if') {
      const known = rules.filter((rule) => rule.resourceType === statement.topic.resourceType)
      conditionProblems(statement.condition, known, problems)
    }
  }
  return problems
}

function statementProblem(
  { key, topic, effect, items }: Statement,
  all: readonly Statement[],
): string | undefined {
  if (items.length === 0) return 'Choose at least one permission.'
  if (effect === 'if' && items.length > MOST_NAMED) {
    return `Conditions are for at most ${MOST_NAMED} permissions; make another part for the others.`
  }
  const before = all.slice(
    0,
    all.findIndex((other) => other.key === key),
  )
  const own = new Set(items.map(itemKey))
  const twice = before.flatMap((other) => other.items).find((item) => own.has(itemKey(item)))
  if (twice) return `Another part says something about ${twice.target} (${twice.verb}) already.`
  // Conditions count before all else that a role says about the same, which would only look as if it counted.
  const { resourceType } = topic
  const isWhole = ({ target }: Item) => resourceType !== '' && target === resourceType
  const others = before.filter(
    (other) =>
      other.topic.resourceType === resourceType && (other.effect === 'if') !== (effect === 'if'),
  )
  const beside = others
    .flatMap((other) => other.items)
    .find((item) => items.some((one) => one.verb === item.verb && (isWhole(one) || isWhole(item))))
  return (
    beside &&
    `Beside conditions this would not count: another part is about ${beside.target} (${beside.verb}).`
  )
}

function conditionProblems(
  draft: DraftCondition,
  rules: readonly RuleInfo[],
  problems: Map<string, string>,
): void {
  if (isGroup(draft)) {
    if (draft.items.length === 0) {
      problems.set(aboutCondition(draft.key), 'Add a condition, or remove this group.')
    }
    for (const item of draft.items) conditionProblems(item, rules, problems)
    return
  }
  const rule = rules.find(({ name }) => name === draft.rule)
  if (!rule) {
    const what = draft.rule ? `There is no condition ${draft.rule} here.` : 'Choose a condition.'
    problems.set(aboutCondition(draft.key), what)
    return
  }
  const isMissing = (value: unknown) =>
    value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  const missing = ruleFields(rule).find(
    ({ name, required }) => required && isMissing(draft.params[name]),
  )
  if (missing) problems.set(aboutCondition(draft.key), `Fill in “${missing.name}”.`)
}
