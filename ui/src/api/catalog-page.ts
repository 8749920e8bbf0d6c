import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query'
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
import { me } from './me'
import { type FacetCount, facets } from './queries'
import { type Predicate, starredPredicate } from './starred-search'

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

const TEXT_FIELDS = [
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'spec.profile.displayName',
]

const fullText = (text: string) =>
  text ? { fullTextFilterTerm: text, fullTextFilterFields: [TEXT_FIELDS.join(',')] } : {}

/** The search as the server understands it, which does not know what "mine" is. */
async function asked(search: CatalogSearch, client: QueryClient): Promise<CatalogSearch> {
  if (!isMine(search)) return search
  const { user } = await client.ensureQueryData(me)
  return ownedBy(search, user?.ownershipEntityRefs ?? [])
}

/**
 * What somebody starred: undefined until it is known. It is part of the question and of its place in
 * the cache, for searches that are about it.
 */
export type Stars = readonly string[] | undefined

/** What a query about a search hangs on beside the search; a search for stars waits for them. */
const starsIn = (search: CatalogSearch, stars: Stars) => ({
  refs: search.starred ? stars?.toSorted() : [],
  enabled: !search.starred || stars !== undefined,
})

/** Asks with the whole question in a body, which has room for references. */
async function starredPage(
  search: CatalogSearch,
  stars: readonly string[],
  range: { limit: number; offset?: number },
  signal: AbortSignal,
) {
  const { column, direction } = search.sort
  return await answerOf(
    api.POST('/api/catalog/entities/by-query', {
      signal,
      body: {
        ...range,
        query: starredPredicate(search, stars),
        ...(range.limit > 0 && {
          fields: ROW_FIELDS,
          orderBy: [{ field: SORT_FIELDS[column], order: direction }],
        }),
        ...(search.text && { fullTextFilter: { term: search.text, fields: TEXT_FIELDS } }),
      },
    }),
  )
}

/** One page of the table. */
export function entityPage(search: CatalogSearch, stars?: Stars) {
  const { refs, enabled } = starsIn(search, stars)
  return queryOptions({
    queryKey: ['catalog', 'page', search, refs],
    placeholderData: keepPreviousData,
    enabled,
    queryFn: async ({ signal, client }) => {
      const plain = await asked(search, client)
      if (search.starred) {
        const range = { limit: search.size, offset: (search.page - 1) * search.size }
        return await starredPage(plain, refs ?? [], range, signal)
      }
      return await answerOf(
        api.GET('/api/catalog/entities/by-query', {
          signal,
          params: {
            query: {
              limit: search.size,
              fields: [ROW_FIELDS.join(',')],
              filter: filterOf(plain),
              orderField: [`${SORT_FIELDS[search.sort.column]},${search.sort.direction}`],
              ...fullText(search.text),
              ...(search.cursor ? { cursor: search.cursor } : {}),
            },
          },
        }),
      )
    },
  })
}

/** How many entities match, whatever the table is sorted by. */
export function entityCount(search: CatalogSearch, stars?: Stars) {
  const { refs, enabled } = starsIn(search, stars)
  return queryOptions({
    queryKey: ['catalog', 'count', search.filters, search.text, search.starred, refs],
    placeholderData: keepPreviousData,
    enabled,
    queryFn: async ({ signal, client }) => {
      const plain = await asked(search, client)
      if (search.starred) {
        return (await starredPage(plain, refs ?? [], { limit: 0 }, signal)).totalItems
      }
      const page = await answerOf(
        api.GET('/api/catalog/entities/by-query', {
          signal,
          params: { query: { limit: 0, filter: filterOf(plain), ...fullText(search.text) } },
        }),
      )
      return page.totalItems
    },
  })
}

/** The same of starred entities. */
async function starredFacets(names: string[], query: Predicate, signal: AbortSignal) {
  const body = { facets: names, query }
  return (await answerOf(api.POST('/api/catalog/entity-facets', { signal, body }))).facets
}

/**
 * The values of every dimension with their counts. A dimension's own choice must not hide its
 * other values, so each narrowed dimension asks for itself; all others share one request.
 */
export function dimensionCounts(search: CatalogSearch, stars?: Stars) {
  const { filters, starred } = search
  const { refs, enabled } = starsIn(search, stars)
  return queryOptions({
    queryKey: ['catalog', 'facets', filters, starred, refs],
    placeholderData: keepPreviousData,
    enabled,
    queryFn: async ({ signal, client }) => {
      const plain = await asked(search, client)
      const open = DIMENSIONS.filter((dimension) => filters[dimension].length === 0)
      const groups: { dimensions: Dimension[]; except?: Dimension }[] = DIMENSIONS.filter(
        (dimension) => filters[dimension].length > 0,
      ).map((dimension) => ({ dimensions: [dimension], except: dimension }))
      if (open.length > 0) groups.push({ dimensions: open })

      const counts: Record<Dimension, FacetCount[]> = {
        kind: [],
        type: [],
        owner: [],
        lifecycle: [],
        tag: [],
      }
      await Promise.all(
        groups.map(async ({ dimensions, except }) => {
          const names = dimensions.map((dimension) => FACET_OF[dimension])
          const found = starred
            ? await starredFacets(names, starredPredicate(plain, refs ?? [], except), signal)
            : await facets(names, filterOf(plain, except), signal)
          for (const dimension of dimensions) counts[dimension] = found[FACET_OF[dimension]] ?? []
        }),
      )
      return counts
    },
  })
}
