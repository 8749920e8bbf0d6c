import { conditionDraft, conditionOf, type DraftGroup, emptyGroup, newKey } from './condition-draft'
import { parseRef, shortName } from './ref'
import type { RoleHead } from './role-calls'
import type { Conditional, PluginPermissions, Policy, Sayings, WholeRole } from './roles'

/** What a statement does with its permissions. */
export type Effect = 'allow' | 'if' | 'deny'

/** One thing that can be permitted: a permission, or all of a type that do the same. */
export interface Item {
  target: string
  verb: string
}

/** What statements are about: the permissions of a plugin for one type of things, or for nothing single. */
export interface Topic {
  pluginId: string
  /** Empty for permissions about nothing single. */
  resourceType: string
  /** All permissions of the type by what they do, then the single ones. */
  items: Item[]
}

/** Permissions that a role treats alike. */
export interface Statement {
  key: number
  topic: { pluginId: string; resourceType: string }
  effect: Effect
  items: Item[]
  /** What things have to be like, where the effect is `if`. */
  condition: DraftGroup
  /** The condition that is stored for it. */
  conditionId?: number
}

/** A role that somebody is writing. */
export interface RoleDraft {
  /** The name as it is typed: `clerks`, or `team/clerks`. */
  name: string
  description: string
  members: string[]
  statements: Statement[]
}

export const itemKey = ({ target, verb }: Item): string => `${target}, ${verb}`
export const topicKey = ({ pluginId, resourceType }: Statement['topic']): string =>
  `${pluginId} ${resourceType}`

/** What plugins let roles decide, in parts that belong together. */
export function topicsOf(plugins: readonly PluginPermissions[]): Topic[] {
  return plugins.flatMap(({ pluginId, policies }) => {
    const types = [...new Set(policies.map(({ resourceType }) => resourceType ?? ''))]
    // What is about nothing single comes last.
    types.sort((a, b) => Number(a === '') - Number(b === ''))
    return types.map((resourceType) => {
      const own = policies.filter((policy) => (policy.resourceType ?? '') === resourceType)
      const verbs = resourceType ? [...new Set(own.map(({ policy }) => policy))] : []
      const whole = verbs.map((verb) => ({ target: resourceType, verb }))
      const single = own.map(({ name, policy }) => ({ target: name, verb: policy }))
      return { pluginId, resourceType, items: [...whole, ...single] }
    })
  })
}

/** The topic that a policy belongs to; one of its own where no plugin knows its target. */
function topicOf({ target }: Item, topics: readonly Topic[]): Statement['topic'] {
  const found = topics.find(({ items }) => items.some((item) => item.target === target))
  return found ?? { pluginId: '', resourceType: '' }
}

/** The same for a condition. Those of files do not say which plugin has the type that they are about. */
const topicOfCondition = (
  { pluginId, resourceType }: Conditional,
  topics: readonly Topic[],
): Statement['topic'] =>
  topics.find((topic) => topic.resourceType === resourceType) ?? { pluginId, resourceType }

/** The permissions of a condition: those it names, or what it says of the whole type. */
const itemsOf = ({ mapping, resourceType }: Conditional): Item[] =>
  mapping.map(({ name, verb }) => ({ target: name ?? resourceType, verb }))

/** What a role says, gathered by what it is about: what it allows, allows under conditions, and denies. */
export function statementsOf(
  { policies, conditionals }: Sayings,
  topics: readonly Topic[],
): Statement[] {
  const found = new Map<string, Statement>()
  for (const { target, verb, effect } of policies) {
    const topic = topicOf({ target, verb }, topics)
    const key = `${topicKey(topic)} ${effect}`
    const statement = found.get(key) ?? newStatement(topic, effect)
    statement.items.push({ target, verb })
    found.set(key, statement)
  }
  const conditioned = conditionals.map((conditional) => ({
    ...newStatement(topicOfCondition(conditional, topics)),
    effect: 'if' as const,
    items: itemsOf(conditional),
    condition: conditionDraft(conditional.condition),
    conditionId: conditional.id,
  }))
  const order = topics.map(topicKey)
  const effects: Effect[] = ['allow', 'if', 'deny']
  const rank = ({ topic, effect }: Statement) =>
    (order.indexOf(topicKey(topic)) + 1 || order.length + 1) * 3 + effects.indexOf(effect)
  return [...found.values(), ...conditioned].sort((a, b) => rank(a) - rank(b))
}

/** A statement that permits nothing yet. */
export const newStatement = (
  { pluginId, resourceType }: Statement['topic'],
  effect: Effect = 'allow',
): Statement => ({
  key: newKey(),
  topic: { pluginId, resourceType },
  effect,
  items: [],
  condition: emptyGroup(),
})

export const emptyDraft = (): RoleDraft => ({
  name: '',
  description: '',
  members: [],
  statements: [],
})

/**
 * A statement with another effect. Conditions name single permissions, so those of a whole type become
 * the ones that they are made of.
 */
export function withEffect(
  statement: Statement,
  effect: Effect,
  topic: Topic | undefined,
): Statement {
  const { resourceType } = statement.topic
  if (effect !== 'if') return { ...statement, effect }
  const single = topic?.items.filter(({ target }) => target !== resourceType) ?? []
  const items = statement.items.flatMap((item) =>
    item.target === resourceType ? single.filter(({ verb }) => verb === item.verb) : [item],
  )
  return { ...statement, effect, items: uniqueItems(items) }
}

export const uniqueItems = (items: readonly Item[]): Item[] => [
  ...new Map(items.map((item) => [itemKey(item), item])).values(),
]

/** A role to begin with, that says the same as another one. */
export function draftLike(whole: WholeRole, topics: readonly Topic[]): RoleDraft {
  const statements = statementsOf(whole, topics).map(({ conditionId: _, ...statement }) =>
    withEffect(
      statement,
      statement.effect,
      topics.find((topic) => topicKey(topic) === topicKey(statement.topic)),
    ),
  )
  return { ...emptyDraft(), description: whole.role.description, statements }
}

/** A role as it can be changed. */
export function draftOf(whole: WholeRole, topics: readonly Topic[]): RoleDraft {
  const { name, description, members } = whole.role
  const ref = parseRef(name)
  return {
    name: ref ? shortName(ref) : name,
    description,
    members: [...members],
    statements: statementsOf(whole, topics),
  }
}

const NAME = /^[a-z\d]+(?:[._-][a-z\d]+)*$/i
const NAMESPACE = /^[a-z\d]+(?:-[a-z\d]+)*$/
const LONGEST = 63

/** The full name of a role from what was typed; nothing, when no role can be called so. */
export function roleName(typed: string): string | undefined {
  const ref = parseRef(typed, { kind: 'role' })
  if (ref?.kind !== 'role') return undefined
  const { namespace, name } = ref
  const fits = NAME.test(name) && NAMESPACE.test(namespace)
  const isShort = name.length <= LONGEST && namespace.length <= LONGEST
  return fits && isShort ? `role:${namespace}/${name}` : undefined
}

/** What a draft stands for. */
export interface WrittenDraft {
  head: RoleHead
  policies: Policy[]
  conditionals: (Omit<Conditional, 'id'> & { id?: number })[]
}

/** A draft as it is written over the API. */
export function writtenDraft(draft: RoleDraft): WrittenDraft {
  const policies = new Map<string, Policy>()
  for (const { effect, items } of draft.statements) {
    if (effect === 'if') continue
    for (const item of items) policies.set(`${itemKey(item)}, ${effect}`, { ...item, effect })
  }
  return {
    head: {
      name: roleName(draft.name) ?? draft.name,
      members: draft.members,
      description: draft.description.trim(),
    },
    policies: [...policies.values()],
    conditionals: draft.statements.filter(({ effect }) => effect === 'if').map(writtenConditional),
  }
}

function writtenConditional({ topic, items, condition, conditionId }: Statement) {
  const { pluginId, resourceType } = topic
  return {
    ...(conditionId !== undefined && { id: conditionId }),
    pluginId,
    resourceType,
    mapping: items.map(({ target, verb }) =>
      target === resourceType ? { verb } : { name: target, verb },
    ),
    condition: conditionOf(condition, resourceType),
  }
}

/** A draft as it is written in a file, for trying it out. */
export function fileDraft(draft: RoleDraft): object {
  const { head, policies, conditionals } = writtenDraft(draft)
  const types = new Set(draft.statements.map(({ topic }) => topic.resourceType))
  return {
    name: roleName(draft.name) ?? 'draft',
    members: head.members,
    permissions: [
      ...policies.map(({ target, verb, effect }) => ({
        [types.has(target) ? 'resourceType' : 'permission']: target,
        actions: [verb],
        effect,
      })),
      ...conditionals.flatMap(({ resourceType, mapping, condition }) =>
        mapping.map(({ name, verb }) => ({
          resourceType,
          ...(name && { permission: name }),
          actions: [verb],
          when: condition,
        })),
      ),
    ],
  }
}
