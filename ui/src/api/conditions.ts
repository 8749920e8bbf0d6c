/** A rule with what it is told. */
export interface RuleUse {
  rule: string
  resourceType: string
  params: Record<string, unknown>
  /** Whether it is true for a thing, where that was asked. */
  result?: boolean | null
}

/** Conditions on things: a rule, or several of them. */
export type Condition =
  | RuleUse
  | { allOf: Condition[]; result?: boolean | null }
  | { anyOf: Condition[]; result?: boolean | null }
  | { not: Condition; result?: boolean | null }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const resultOf = ({ result }: Record<string, unknown>) =>
  typeof result === 'boolean' || result === null ? { result } : {}

/** Reads conditions of an answer; nothing, where they are none. */
export function readCondition(json: unknown): Condition | undefined {
  if (!isRecord(json)) return undefined
  const result = resultOf(json)
  if (Array.isArray(json.allOf)) return { allOf: readAll(json.allOf), ...result }
  if (Array.isArray(json.anyOf)) return { anyOf: readAll(json.anyOf), ...result }
  if ('not' in json) {
    const not = readCondition(json.not)
    return not && { not, ...result }
  }
  const { rule, resourceType, params } = json
  if (typeof rule !== 'string') return undefined
  return {
    rule,
    resourceType: typeof resourceType === 'string' ? resourceType : '',
    params: isRecord(params) ? params : {},
    ...result,
  }
}

const readAll = (items: unknown[]): Condition[] =>
  items.flatMap((item) => readCondition(item) ?? [])

/** What stands for somebody, or for what they own things as, until it is known who asks. */
export const ALIASES: Readonly<Record<string, string>> = {
  $currentUser: 'whoever asks',
  $ownerRefs: 'whoever asks, or a group of theirs',
}

/** A text of conditions in words: what an alias stands for, or the text itself. */
export const sayText = (text: string): string =>
  Object.hasOwn(ALIASES, text) ? (ALIASES[text] ?? text) : text

const spoken = (value: unknown): string =>
  typeof value === 'string' ? sayText(value) : JSON.stringify(value)

const listed = (value: unknown): string => {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return items.length === 0 ? 'nobody' : items.map(spoken).join(' or ')
}

const named = (what: string, key: string) => (params: Record<string, unknown>) =>
  params.value === undefined
    ? `with the ${what} ${spoken(params[key])}`
    : `with the ${what} ${spoken(params[key])} = ${spoken(params.value)}`

/** Rules in words; those of other plugins keep their names. */
const WORDS: Record<string, (params: Record<string, unknown>) => string> = {
  IS_ENTITY_OWNER: ({ claims }) => `owned by ${listed(claims)}`,
  IS_ENTITY_KIND: ({ kinds }) => `of the kind ${listed(kinds)}`,
  HAS_ANNOTATION: named('annotation', 'annotation'),
  HAS_LABEL: named('label', 'label'),
  HAS_METADATA: named('metadata', 'key'),
  HAS_SPEC: named('spec', 'key'),
  IS_OWNER: ({ owners }) => `looked after by ${listed(owners)}`,
}

/** What a rule says, in a few words. */
export function ruleInWords({ rule, params }: Pick<RuleUse, 'rule' | 'params'>): string {
  const words = Object.hasOwn(WORDS, rule) ? WORDS[rule] : undefined
  if (words) return words(params)
  const told = Object.entries(params).map(([name, value]) => `${name}: ${listed(value)}`)
  return told.length === 0 ? rule : `${rule} (${told.join(', ')})`
}

/** A rule as a choice: what it is true for, without what it is told. */
const CHOICES: Readonly<Record<string, string>> = {
  IS_ENTITY_OWNER: 'owned by',
  IS_ENTITY_KIND: 'of a kind',
  HAS_ANNOTATION: 'with an annotation',
  HAS_LABEL: 'with a label',
  HAS_METADATA: 'with something in its metadata',
  HAS_SPEC: 'with something in its spec',
  IS_OWNER: 'looked after by',
}

/** The name of a rule in a list to choose from. */
export const ruleChoice = (rule: string): string =>
  Object.hasOwn(CHOICES, rule) ? `${CHOICES[rule]} (${rule})` : rule
