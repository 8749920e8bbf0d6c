import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './client'
import type { Entity } from './entity'

/** What a list to choose from needs to know of entities. */
const FIELDS = 'kind,metadata.name,metadata.namespace,metadata.title,spec.type,spec.profile'
const TEXTS = 'metadata.name,metadata.title,spec.profile.displayName,spec.profile.email'
/** The most that are offered at once. */
const MOST = 12

/** Entities of some kinds, or of any, that have a text in their names. */
export const entitySearch = (text: string, kinds: readonly string[]) =>
  queryOptions({
    queryKey: ['catalog', 'choices', text, kinds],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Entity[]> => {
      const { items } = await answerOf(
        api.GET('/api/catalog/entities/by-query', {
          signal,
          params: {
            query: {
              limit: MOST,
              fields: [FIELDS],
              filter: kinds.map((kind) => `kind=${kind}`),
              ...(text ? { fullTextFilterTerm: text, fullTextFilterFields: [TEXTS] } : {}),
            },
          },
        }),
      )
      return items
    },
  })
