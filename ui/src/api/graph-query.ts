import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './client'
import type { Entity } from './entity'
import type { GraphScope } from './graph'
import { type Ask, walk } from './graph-walk'

/** What a node needs to know of an entity. */
const NODE_FIELDS = [
  'kind',
  'apiVersion',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'spec.type',
  'spec.profile',
  'spec.target',
  'relations',
]

/** The most references asked for in one request. */
const BATCH = 200

const batchOf = (refs: readonly string[]) =>
  queryOptions({
    queryKey: ['catalog', 'graph-nodes', refs],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const { items } = await answerOf(
        api.POST('/api/catalog/entities/by-refs', {
          signal,
          params: { query: { fields: [NODE_FIELDS.join(',')] } },
          body: { entityRefs: [...refs] },
        }),
      )
      return items
    },
  })

/** Asks through the cache, so that a deeper graph asks for its new levels only. */
const askThrough =
  (client: QueryClient, signal: AbortSignal): Ask =>
  async (refs) => {
    signal.throwIfAborted()
    const batches: string[][] = []
    for (let from = 0; from < refs.length; from += BATCH)
      batches.push(refs.slice(from, from + BATCH))
    const answers = await Promise.all(batches.map((batch) => client.fetchQuery(batchOf(batch))))
    const entities = answers.flat()
    return new Map<string, Entity | null>(refs.map((ref, index) => [ref, entities[index] ?? null]))
  }

/** The entities around the centres, and what they have to do with each other. */
export const graphOf = (scope: GraphScope) =>
  queryOptions({
    queryKey: ['catalog', 'graph', scope],
    enabled: scope.roots.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ client, signal }) => walk(scope, askThrough(client, signal)),
  })
