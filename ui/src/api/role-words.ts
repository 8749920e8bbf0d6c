import type { Conditional, Policy, Role, Sayings } from './roles'

/** Where a role is written, in a word or two. */
const SOURCES: Readonly<Record<string, string>> = {
  'built-in': 'In the box',
  configuration: 'Configuration',
  'roles-file': 'Roles file',
  'csv-file': 'CSV file',
  rest: 'Made here',
}

export const sourceName = (source: string): string =>
  Object.hasOwn(SOURCES, source) ? (SOURCES[source] ?? source) : source

/** Where a role that cannot be changed here is changed; names of settings are in backticks. */
const PLACES: Readonly<Record<string, string>> = {
  'built-in':
    'It comes with the portal and stays as it is. Who has it is said in `permission.roles` in the configuration; for something else, make a role of your own.',
  configuration: 'It is written in the configuration, under `permission`, and changed there.',
  'roles-file':
    'It is written in the file that `permission.rolesFile` names, and changed there. A change counts when the file is saved.',
  'csv-file': 'It is written in the files that `permission.rbac` names, and changed there.',
}

export const placeOf = ({ source }: Role): string | undefined =>
  Object.hasOwn(PLACES, source) ? PLACES[source] : undefined

/** Whether a role can be changed here, by whoever may. */
export const isMadeHere = ({ source }: Role): boolean => source === 'rest'

/** Whether a role may do everything, as no list of permissions can say. */
export const mayEverything = ({ source, name }: Role): boolean =>
  source === 'built-in' && name === 'role:default/admin'

/** The most phrases in a summary. */
const MOST_PHRASES = 3

const unique = (texts: readonly string[]) => [...new Set(texts)]

/** Permissions as a few words: their verbs are in their names, those of types stand before them. */
function phrases(items: readonly { target: string; verb: string }[]): string[] {
  const types = items.filter(({ target }) => !target.includes('.'))
  const single = items.filter(({ target }) => target.includes('.'))
  const byType = unique(types.map(({ target }) => target)).map((type) => {
    const verbs = types.filter(({ target }) => target === type).map(({ verb }) => verb)
    return `${unique(verbs).join(', ')} ${type}`
  })
  return [...byType, ...single.map(({ target }) => target)]
}

const conditioned = ({ mapping, resourceType }: Conditional) =>
  phrases(mapping.map(({ name, verb }) => ({ target: name ?? resourceType, verb }))).map(
    (phrase) => `${phrase} if…`,
  )

/** What a role permits, in a few words. */
export function permitsInBrief(role: Role, { policies, conditionals }: Sayings): string {
  if (mayEverything(role)) return 'everything'
  const of = (effect: Policy['effect']) => policies.filter((policy) => policy.effect === effect)
  const all = [
    ...phrases(of('allow')),
    ...conditionals.flatMap(conditioned),
    ...phrases(of('deny')).map((phrase) => `not ${phrase}`),
  ]
  if (all.length === 0) return 'nothing'
  const more = all.length - MOST_PHRASES
  return [...all.slice(0, MOST_PHRASES), ...(more > 0 ? [`${more} more`] : [])].join(' · ')
}
