import { queryOptions, useQuery } from '@tanstack/react-query'
import { answerOf, api } from './client'

const NOTHING: ReadonlySet<string> = new Set()

/** Those of some permissions that whoever looks has; one request asks about all of them. */
const allowed = (names: readonly string[]) =>
  queryOptions({
    queryKey: ['allowed', ...names],
    queryFn: async ({ signal }): Promise<ReadonlySet<string>> => {
      // What a permission does, the server knows by its name.
      const items = names.map((name) => ({
        id: name,
        permission: { type: 'basic' as const, name, attributes: {} },
      }))
      const answer = await answerOf(
        api.POST('/api/permission/authorize', { signal, body: { items } }),
      )
      return new Set(names.filter((_, index) => isAllowed(answer.items[index])))
    },
  })

const isAllowed = (answer: object | undefined): boolean =>
  answer !== undefined && Reflect.get(answer, 'result') === 'ALLOW'

/**
 * Which of some permissions, by name, whoever looks has. Nothing is allowed before the server has
 * answered. It decides for itself again when something is done: this only says what to offer.
 */
export const useAllowed = (names: readonly string[]): ReadonlySet<string> =>
  useQuery(allowed(names)).data ?? NOTHING
