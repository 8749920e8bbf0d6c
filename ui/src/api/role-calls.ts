import { answerOf, api, done } from './client'
import { parseRef } from './ref'
import type { Conditional, Policy } from './roles'
import type { components } from './schema'

type Schemas = components['schemas']

/** A role as it is written over the API. */
export interface RoleHead {
  name: string
  members: readonly string[]
  description: string
}

/** Only the description counts of what is known of a role; the owner stays who it is. */
const written = ({ name, members, description }: RoleHead): Schemas['WrittenRole'] => ({
  name,
  memberReferences: [...members],
  metadata: {
    source: null,
    description,
    owner: null,
    author: null,
    modifiedBy: null,
    createdAt: null,
    lastModified: null,
    isDefault: false,
  },
})

const pathOf = (role: string) => {
  const ref = parseRef(role) ?? { kind: 'role', namespace: 'default', name: role }
  return { path: ref }
}

const policiesOf = (role: string, policies: readonly Policy[]): Schemas['WrittenPolicy'][] =>
  policies.map(({ target, verb, effect }) => ({
    entityReference: role,
    permission: target,
    policy: verb,
    effect,
  }))

/** An object of which the description of the API does not say more. */
const free = (body: object): Record<string, never> => ({ ...body })

const conditionOf = (role: string, conditional: Omit<Conditional, 'id'>) =>
  free({
    roleEntityRef: role,
    result: 'CONDITIONAL',
    pluginId: conditional.pluginId,
    resourceType: conditional.resourceType,
    permissionMapping: conditional.mapping.map(({ name, verb }) =>
      name ? { name, action: verb } : verb,
    ),
    conditions: conditional.condition,
  })

/** The single changes that a role is made of; each is done whole, or not at all. */
export const roleCalls = {
  create: (head: RoleHead) => done(api.POST('/api/permission/roles', { body: written(head) })),

  change: (oldRole: RoleHead, newRole: RoleHead) =>
    done(
      api.PUT('/api/permission/roles/{kind}/{namespace}/{name}', {
        params: pathOf(oldRole.name),
        body: { oldRole: written(oldRole), newRole: written(newRole) },
      }),
    ),

  addPolicies: (role: string, policies: readonly Policy[]) =>
    done(api.POST('/api/permission/policies', { body: policiesOf(role, policies) })),

  removePolicies: (role: string, policies: readonly Policy[]) =>
    done(
      api.DELETE('/api/permission/policies/{kind}/{namespace}/{name}', {
        params: pathOf(role),
        body: policiesOf(role, policies),
      }),
    ),

  addCondition: (role: string, conditional: Omit<Conditional, 'id'>) =>
    done(api.POST('/api/permission/roles/conditions', { body: conditionOf(role, conditional) })),

  changeCondition: (role: string, { id, ...conditional }: Conditional) =>
    done(
      api.PUT('/api/permission/roles/conditions/{id}', {
        params: { path: { id } },
        body: conditionOf(role, conditional),
      }),
    ),

  removeCondition: (id: number) =>
    done(api.DELETE('/api/permission/roles/conditions/{id}', { params: { path: { id } } })),
}

/** What somebody could see and do with roles that do not count yet. */
export type Trial = Schemas['Trial']

/** Tries out `role`, in the place of the one called `instead`. */
export const tryRole = (user: string, role: object, instead?: string): Promise<Trial> =>
  answerOf(
    api.POST('/api/permission/try', {
      body: { user, roles: [free(role)], without: instead ? [instead] : [], limit: 20 },
    }),
  )
