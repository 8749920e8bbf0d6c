import { queryOptions } from '@tanstack/react-query'
import { answerOf, api, done } from './client'
import { type Condition, readCondition } from './conditions'
import type { EntityRef } from './ref'
import type { components } from './schema'

type Schemas = components['schemas']

/** What a permission does. */
export type Verb = Schemas['Verb']
/** Where a role is written. */
export type Source = Schemas['Source']

const ANY_ROLE = { type: 'policy-entity', ref: 'policy-entity' }

/** The permission to see roles. */
export const READ_ROLES = { name: 'policy.entity.read', resource: ANY_ROLE }
/** The permission to make roles. */
export const CREATE_ROLES = { name: 'policy.entity.create' }
/** The permission to change a role. */
export const updateRole = (ref: string) => ({
  name: 'policy.entity.update',
  resource: { type: 'policy-entity', ref },
})
/** The permission to remove a role. */
export const deleteRole = (ref: string) => ({
  name: 'policy.entity.delete',
  resource: { type: 'policy-entity', ref },
})

/** A role and who has it. */
export interface Role {
  /** Its full name, such as `role:default/viewer`. */
  name: string
  members: string[]
  /** Whether everybody has it. */
  isEveryones: boolean
  source: string
  description: string
  owner: string
  modifiedBy: string
  lastModified: string
}

/** One thing that a role allows or denies. */
export interface Policy {
  /** A permission, or a type of things. */
  target: string
  verb: string
  effect: 'allow' | 'deny'
}

/** Permissions that a role gives for things that are like its conditions. */
export interface Conditional {
  id: number
  pluginId: string
  resourceType: string
  /** A permission with what it does; without a name all permissions of the type that do it. */
  mapping: { name?: string; verb: string }[]
  condition: Condition
}

/** What a role says. */
export interface Sayings {
  policies: Policy[]
  conditionals: Conditional[]
}

const readRole = ({ name, memberReferences, metadata }: Schemas['WrittenRole']): Role => ({
  name: name ?? '',
  members: memberReferences ?? [],
  isEveryones: metadata?.isDefault ?? false,
  source: metadata?.source ?? 'rest',
  description: metadata?.description ?? '',
  owner: metadata?.owner ?? '',
  modifiedBy: metadata?.modifiedBy ?? '',
  lastModified: metadata?.lastModified ?? '',
})

const readPolicy = ({ permission, policy, effect }: Schemas['WrittenPolicy']): Policy => ({
  target: permission,
  verb: policy,
  effect: effect === 'deny' ? 'deny' : 'allow',
})

const textOf = (json: object, key: string): string => {
  const value: unknown = Reflect.get(json, key)
  return typeof value === 'string' ? value : ''
}

function readMapping(json: unknown): Conditional['mapping'] {
  if (typeof json === 'string') return [{ verb: json }]
  if (typeof json !== 'object' || json === null) return []
  return [{ name: textOf(json, 'name'), verb: textOf(json, 'action') }]
}

/** A condition, with the role that it belongs to; those that make no sense are left out. */
function readConditional(json: object): { role: string; conditional: Conditional }[] {
  const condition = readCondition(Reflect.get(json, 'conditions'))
  const mapping: unknown = Reflect.get(json, 'permissionMapping')
  if (!condition || !Array.isArray(mapping)) return []
  const conditional = {
    id: Number(Reflect.get(json, 'id')),
    pluginId: textOf(json, 'pluginId'),
    resourceType: textOf(json, 'resourceType'),
    mapping: mapping.flatMap(readMapping),
    condition,
  }
  return [{ role: textOf(json, 'roleEntityRef'), conditional }]
}

/** Whether roles are enabled, and somebody may see some: an error otherwise. */
export const rolesStatus = queryOptions({
  queryKey: ['roles', 'status'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/permission/', { signal })),
})

/** All roles with what they say. */
export const allRoles = queryOptions({
  queryKey: ['roles', 'list'],
  staleTime: 0,
  queryFn: async ({ signal }): Promise<WholeRole[]> => {
    const [roles, policies, conditions] = await Promise.all([
      answerOf(api.GET('/api/permission/roles', { signal })),
      answerOf(api.GET('/api/permission/policies', { signal })),
      answerOf(api.GET('/api/permission/roles/conditions', { signal })),
    ])
    const all = new Map(
      roles.map((role): [string | undefined, WholeRole] => [
        role.name,
        { role: readRole(role), policies: [], conditionals: [] },
      ]),
    )
    for (const policy of policies) {
      all.get(policy.entityReference ?? '')?.policies.push(readPolicy(policy))
    }
    for (const { role, conditional } of conditions.flatMap(readConditional)) {
      all.get(role)?.conditionals.push(conditional)
    }
    return [...all.values()]
  },
})

/** One role with what it says. */
export interface WholeRole extends Sayings {
  role: Role
}

/** One role with what it says. */
export const oneRole = (ref: EntityRef) =>
  queryOptions({
    queryKey: ['roles', 'one', ref],
    staleTime: 0,
    queryFn: async ({ signal }): Promise<WholeRole> => {
      const entityRef = fullName(ref)
      const [[role], policies, conditions] = await Promise.all([
        answerOf(
          api.GET('/api/permission/roles/{kind}/{namespace}/{name}', {
            signal,
            params: { path: ref },
          }),
        ),
        answerOf(api.GET('/api/permission/policies', { signal, params: { query: { entityRef } } })),
        answerOf(
          api.GET('/api/permission/roles/conditions', {
            signal,
            params: { query: { roleEntityRef: entityRef } },
          }),
        ),
      ])
      return {
        role: readRole(role ?? { name: entityRef }),
        policies: policies.map(readPolicy),
        conditionals: conditions.flatMap(readConditional).map(({ conditional }) => conditional),
      }
    },
  })

/** The full name of a role; unlike those of entities, capital letters count in it. */
export const fullName = ({ kind, namespace, name }: EntityRef): string =>
  `${kind}:${namespace}/${name}`

/** What policies can be about, by plugin. */
export const permissionsOfPlugins = queryOptions({
  queryKey: ['roles', 'permissions'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/permission/plugins/policies', { signal })),
})

/** The permissions of a plugin. */
export type PluginPermissions = Schemas['PluginPolicies']

/** A rule that conditions are made of. */
export type RuleInfo = Schemas['PluginRule']

/** The rules that conditions are made of. */
export const conditionRules = queryOptions({
  queryKey: ['roles', 'rules'],
  queryFn: async ({ signal }): Promise<RuleInfo[]> => {
    const plugins = await answerOf(api.GET('/api/permission/plugins/condition-rules', { signal }))
    return plugins.flatMap(({ rules }) => rules)
  },
})

/** Removes a role with all that it says. */
export const removeRole = (ref: EntityRef): Promise<void> =>
  done(api.DELETE('/api/permission/roles/{kind}/{namespace}/{name}', { params: { path: ref } }))
