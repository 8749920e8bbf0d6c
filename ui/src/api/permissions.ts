import { queryOptions, useQuery } from '@tanstack/react-query'
import { answerOf, api } from './client'
import type { components } from './schema'

/** A permission by its name; one about single things with the thing that is meant. */
export interface Asked {
  name: string
  resource?: { type: string; ref: string }
}

/** What a permission does, the server knows by its name. */
const question = ({ name, resource }: Asked): components['schemas']['AskedPermission'] => ({
  id: name,
  permission: resource
    ? { type: 'resource', name, attributes: {}, resourceType: resource.type }
    : { type: 'basic', name, attributes: {} },
  ...(resource && { resourceRef: resource.ref }),
})

const keyOf = ({ name, resource }: Asked): string => `${name} ${resource?.ref ?? ''}`

/** Those of some permissions that whoever looks has; one request asks about all of them. */
const allowed = (asked: readonly Asked[]) =>
  queryOptions({
    queryKey: ['allowed', ...asked.map(keyOf)],
    queryFn: async ({ signal }): Promise<ReadonlySet<string>> => {
      const body = { items: asked.map(question) }
      const { items } = await answerOf(api.POST('/api/permission/authorize', { signal, body }))
      const isAllowed = (index: number) => items[index]?.result === 'ALLOW'
      return new Set(asked.filter((_, index) => isAllowed(index)).map(keyOf))
    },
  })

/**
 * Says which of some permissions whoever looks has, so that nothing else is offered: none before
 * the server has answered. It is the server that decides, once more, when something is done.
 */
export function useMay(asked: readonly Asked[]): (permission: Asked) => boolean {
  const { data } = useQuery(allowed(asked))
  return (permission) => data?.has(keyOf(permission)) ?? false
}

/** Whether the server has answered that whoever looks does not have a permission. */
export function useIsDenied(permission: Asked): boolean {
  const { data } = useQuery(allowed([permission]))
  return data !== undefined && !data.has(keyOf(permission))
}
