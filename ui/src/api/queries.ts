import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { FACET_OF } from './catalog-search'
import { answerOf, api } from './client'
import type { Entity } from './entity'
import { guesses, nearest } from './nearest'
import { type EntityRef, printRef } from './ref'

/** What a link to an entity needs to know of it. */
const SUMMARY_FIELDS = [
  'kind',
  'apiVersion',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.description',
  'spec.type',
  'spec.profile',
  'spec.target',
]

/** The most references asked for at once. */
const MOST_REFS = 1000

/** A value that occurs, and how often. */
export interface FacetCount {
  value: string
  count: number
}

/** Counts entities by the values of some fields. */
export async function facets(names: string[], filter: string[], signal: AbortSignal) {
  const answer = await answerOf(
    api.GET('/api/catalog/entity-facets', { signal, params: { query: { facet: names, filter } } }),
  )
  return answer.facets
}

/** How many entities there are of each kind. */
export const kindCounts = queryOptions({
  queryKey: ['catalog', 'kinds'],
  queryFn: async ({ signal }): Promise<FacetCount[]> =>
    (await facets([FACET_OF.kind], [], signal))[FACET_OF.kind] ?? [],
})

/** One entity with everything in it. */
export const entityByRef = (ref: EntityRef) =>
  queryOptions({
    queryKey: ['catalog', 'entity', printRef(ref)],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/api/catalog/entities/by-name/{kind}/{namespace}/{name}', {
          signal,
          params: { path: ref },
        }),
      ),
  })

/** Entities by canonical reference; `null` where there is none (or none that one may see). */
export const summaries = (refs: readonly string[]) =>
  queryOptions({
    queryKey: ['catalog', 'summaries', refs],
    placeholderData: keepPreviousData,
    enabled: refs.length > 0,
    queryFn: async ({ signal }) => {
      const asked = refs.slice(0, MOST_REFS)
      const { items } = await answerOf(
        api.POST('/api/catalog/entities/by-refs', {
          signal,
          body: { entityRefs: asked, fields: SUMMARY_FIELDS },
        }),
      )
      return new Map<string, Entity | null>(asked.map((ref, index) => [ref, items[index] ?? null]))
    },
  })

/** Entities whose name resembles the one that was not found, nearest first. */
export const nearestNames = (name: string) =>
  queryOptions({
    queryKey: ['catalog', 'nearest', name],
    queryFn: async ({ signal }): Promise<Entity[]> => {
      for (const text of guesses(name)) {
        const { items } = await answerOf(
          api.GET('/api/catalog/entities/by-query', {
            signal,
            params: {
              query: {
                limit: 50,
                fields: [SUMMARY_FIELDS.join(',')],
                fullTextFilterTerm: text,
                fullTextFilterFields: ['metadata.name,metadata.title'],
              },
            },
          }),
        )
        if (items.length > 0) return nearest(name, items).slice(0, 5)
      }
      return []
    },
  })

/** Events on one page of a history. */
const HISTORY_PAGE = 20

/** What happened to an entity, the newest first, page by page. */
export const entityHistory = (ref: EntityRef) =>
  infiniteQueryOptions({
    queryKey: ['catalog', 'history', printRef(ref)],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET('/api/catalog/history', {
          signal,
          params: {
            query: {
              limit: HISTORY_PAGE,
              ...(pageParam ? { cursor: pageParam } : { entityRef: printRef(ref) }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => page.pageInfo.nextCursor,
  })
