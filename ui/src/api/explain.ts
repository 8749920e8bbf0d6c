import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './client'
import { type Condition, readCondition } from './conditions'
import type { components } from './schema'

/** A question about somebody: whoever looks, where nobody is named. */
export interface WhyQuestion {
  user: string
  permission: string
  thing: string
}

/** Why somebody may do something, or may not. */
export interface Explanation extends Omit<components['schemas']['Explanation'], 'conditions'> {
  conditions: Condition | undefined
}

/** Why somebody may do something, or may not. */
export const explanation = ({ user, permission, thing }: WhyQuestion) =>
  queryOptions({
    queryKey: ['roles', 'why', user, permission, thing],
    staleTime: 0,
    enabled: permission !== '',
    queryFn: async ({ signal }): Promise<Explanation> => {
      const answer = await answerOf(
        api.POST('/api/permission/explain', {
          signal,
          body: {
            permission,
            ...(user && { user }),
            ...(thing && { resourceRef: thing }),
          },
        }),
      )
      return { ...answer, conditions: readCondition(answer.conditions) }
    },
  })
