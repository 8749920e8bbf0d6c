import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from '@tanstack/react-query'
import {
  type CatalogSearch,
  DIMENSIONS,
  type Dimension,
  FACET_OF,
  filterOf,
  isMine,
  ownedBy,
  SORT_FIELDS,
} from './catalog-search'
import { answerOf, api } from './client'
import type { Entity } from './entity'
import { me } from './me'
import { guesses, nearest } from './nearest'
import { type EntityRef, printRef } from './ref'

/** What the table needs to know of an entity, so that large definitions stay on the server. */
const ROW_FIELDS = [
  'kind',
  'apiVersion',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'metadata.annotations.backstage.io/orphan',
  'spec.type',
  'spec.lifecycle',
  'spec.profile',
  'spec.target',
  'relations',
  'status',
]

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

const TEXT_FIELDS = [
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'spec.profile.displayName',
]

/** The most references asked for at once. */
const MOST_REFS = 1000

const fullText = (text: string) =>
  text ? { fullTextFilterTerm: text, fullTextFilterFields: [TEXT_FIELDS.join(',')] } : {}

/** The search as the server understands it, which does not know what "mine" is. */
async function asked(search: CatalogSearch, client: QueryClient): Promise<CatalogSearch> {
  if (!isMine(search)) return search
  const { user } = await client.ensureQueryData(me)
  return ownedBy(search, user?.ownershipEntityRefs ?? [])
}

/** One page of the table. */
export const entityPage = (search: CatalogSearch) =>
  queryOptions({
    queryKey: ['catalog', 'page', search],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal, client }) =>
      answerOf(
        api.GET('/api/catalog/entities/by-query', {
          signal,
          params: {
            query: {
              limit: search.size,
              fields: [ROW_FIELDS.join(',')],
              filter: filterOf(await asked(search, client)),
              orderField: [`${SORT_FIELDS[search.sort.column]},${search.sort.direction}`],
              ...fullText(search.text),
              ...(search.cursor ? { cursor: search.cursor } : {}),
            },
          },
        }),
      ),
  })

/** How many entities match, whatever the table is sorted by. */
export const entityCount = (search: CatalogSearch) =>
  queryOptions({
    queryKey: ['catalog', 'count', search.filters, search.text],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal, client }) => {
      const filter = filterOf(await asked(search, client))
      const page = await answerOf(
        api.GET('/api/catalog/entities/by-query', {
          signal,
          params: { query: { limit: 0, filter, ...fullText(search.text) } },
        }),
      )
      return page.totalItems
    },
  })

/** A value that occurs, and how often. */
export interface FacetCount {
  value: string
  count: number
}

async function facets(names: string[], filter: string[], signal: AbortSignal) {
  const answer = await answerOf(
    api.GET('/api/catalog/entity-facets', { signal, params: { query: { facet: names, filter } } }),
  )
  return answer.facets
}

/**
 * The values of every dimension with their counts. A dimension's own choice must not hide its
 * other values, so each narrowed dimension asks for itself; all others share one request.
 */
export const dimensionCounts = (filters: CatalogSearch['filters'], search: CatalogSearch) =>
  queryOptions({
    queryKey: ['catalog', 'facets', filters],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal, client }) => {
      const plain = await asked(search, client)
      const open = DIMENSIONS.filter((dimension) => filters[dimension].length === 0)
      const groups: { dimensions: Dimension[]; filter: string[] }[] = DIMENSIONS.filter(
        (dimension) => filters[dimension].length > 0,
      ).map((dimension) => ({ dimensions: [dimension], filter: filterOf(plain, dimension) }))
      if (open.length > 0) groups.push({ dimensions: open, filter: filterOf(plain) })

      const counts: Record<Dimension, FacetCount[]> = {
        kind: [],
        type: [],
        owner: [],
        lifecycle: [],
        tag: [],
      }
      await Promise.all(
        groups.map(async ({ dimensions, filter }) => {
          const names = dimensions.map((dimension) => FACET_OF[dimension])
          const found = await facets(names, filter, signal)
          for (const dimension of dimensions) counts[dimension] = found[FACET_OF[dimension]] ?? []
        }),
      )
      return counts
    },
  })

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
