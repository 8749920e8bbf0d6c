import type { components } from '../src/api/schema'

type Schemas = components['schemas']

const ENTITY = 'catalog-entity'
const ROLE = 'policy-entity'

/** What plugins let roles decide. */
export const PLUGINS: Schemas['PluginPolicies'][] = [
  {
    pluginId: 'catalog',
    policies: [
      { name: 'catalog.entity.read', policy: 'read', resourceType: ENTITY },
      { name: 'catalog.entity.refresh', policy: 'update', resourceType: ENTITY },
      { name: 'catalog.entity.delete', policy: 'delete', resourceType: ENTITY },
      { name: 'catalog.entity.create', policy: 'create' },
      { name: 'catalog.entity.validate', policy: 'use' },
      { name: 'catalog.location.read', policy: 'read' },
      { name: 'catalog.location.create', policy: 'create' },
      { name: 'catalog.location.delete', policy: 'delete' },
    ],
  },
  {
    pluginId: 'permission',
    policies: [
      { name: 'policy.entity.read', policy: 'read', resourceType: ROLE },
      { name: 'policy.entity.create', policy: 'create' },
      { name: 'policy.entity.delete', policy: 'delete', resourceType: ROLE },
      { name: 'policy.entity.update', policy: 'update', resourceType: ROLE },
    ],
  },
]

const text = (description: string) => ({ type: 'string', description })
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description })

function rule(
  resourceType: string,
  name: string,
  description: string,
  properties: object,
  required: string[],
): Schemas['PluginRule'] {
  const schema: object = { type: 'object', properties, required, additionalProperties: false }
  return { name, description, resourceType, paramsSchema: { ...schema } }
}

/** The rules that conditions are made of. */
export const RULES: Schemas['PluginRules'][] = [
  {
    pluginId: 'catalog',
    rules: [
      rule(
        ENTITY,
        'HAS_LABEL',
        'Allow entities with the specified label',
        {
          label: text('Name of the label to match on'),
          value: text('Value of the label to match on'),
        },
        ['label'],
      ),
      rule(
        ENTITY,
        'IS_ENTITY_KIND',
        'Allow entities matching a specified kind',
        { kinds: texts('List of kinds to match at least one of') },
        ['kinds'],
      ),
      rule(
        ENTITY,
        'IS_ENTITY_OWNER',
        'Allow entities owned by a specified claim',
        { claims: texts('List of claims to match at least one on within ownedBy') },
        ['claims'],
      ),
    ],
  },
  {
    pluginId: 'permission',
    rules: [
      rule(
        ROLE,
        'IS_OWNER',
        'Should allow access to RBAC roles and Permissions through ownership',
        { owners: texts('List of entity refs to match against') },
        ['owners'],
      ),
    ],
  },
]
