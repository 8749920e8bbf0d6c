import type { RuleInfo } from './roles'

/** Something that a rule is told, as a field of a form. */
export interface RuleField {
  name: string
  description: string
  kind: 'text' | 'texts'
  /** The values that there are, where there are only some. */
  options: string[]
  required: boolean
  /** Whether it is about people and groups, so that whoever asks can stand in it. */
  isAboutPeople: boolean
}

const PEOPLE = /claim|owner|user|member|entity ?refs?\b/i

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

/** The fields for what a rule is told, from its JSON Schema. */
export function ruleFields({ paramsSchema }: Pick<RuleInfo, 'paramsSchema'>): RuleField[] {
  const schema: unknown = paramsSchema
  if (!isRecord(schema) || !isRecord(schema.properties)) return []
  const required = texts(schema.required)
  return Object.entries(schema.properties).flatMap(([name, property]) => {
    if (!isRecord(property)) return []
    const description = typeof property.description === 'string' ? property.description : ''
    const items = isRecord(property.items) ? property.items : {}
    const isList = property.type === 'array'
    return {
      name,
      description,
      kind: isList ? 'texts' : 'text',
      options: texts(isList ? items.enum : property.enum),
      required: required.includes(name),
      isAboutPeople: PEOPLE.test(name),
    } satisfies RuleField
  })
}
