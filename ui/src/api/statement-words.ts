import type { Effect, Item, Statement } from './role-draft'

const VERBS: Readonly<Record<string, string>> = {
  create: 'create',
  read: 'read',
  update: 'change',
  delete: 'remove',
  use: 'use',
}

/** What is done with things of a type: `read any catalog-entity`. */
export const itemInWords = ({ target, verb }: Item, resourceType: string): string =>
  target === resourceType ? `${VERBS[verb] ?? verb} any ${resourceType}` : target

/** What a statement does with its permissions. */
export const effectInWords: Readonly<Record<Effect, string>> = {
  allow: 'Allows',
  if: 'Allows under conditions',
  deny: 'Denies',
}

/** What a part of a role is about. */
export function topicInWords({ pluginId, resourceType }: Statement['topic']): string {
  if (!pluginId) return resourceType || 'not known to this portal'
  return resourceType ? `${pluginId} · ${resourceType}` : `${pluginId} · other permissions`
}
