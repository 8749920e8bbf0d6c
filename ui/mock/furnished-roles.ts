import { bookedRole, type RoleBook, triedChange, triedRead } from './roles.ts'

const about = (description: string, isDefault = false) => ({
  source: null,
  description,
  owner: null,
  author: null,
  modifiedBy: null,
  createdAt: null,
  lastModified: null,
  isDefault,
})

const allow = (role: string, permission: string, policy: string, effect = 'allow') => ({
  entityReference: role,
  permission,
  policy,
  effect,
})

/** Enables roles, with some to look at. */
export function furnish(book: RoleBook): void {
  book.isEnabled = true
  const [viewer, owner, admin] = ['viewer', 'owner', 'admin'].map((name) => `role:default/${name}`)
  const [clerks, tills] = ['role:default/ticket-office', 'role:commerce/tills']
  book.roles = [
    bookedRole(viewer ?? '', 'built-in', {
      metadata: about('Sees everything in the catalog.', true),
    }),
    bookedRole(owner ?? '', 'built-in', {
      memberReferences: ['group:default/lumen'],
      metadata: about('Sees everything, adds to the catalog, and changes what is theirs.'),
    }),
    bookedRole(admin ?? '', 'built-in', {
      memberReferences: ['user:default/ines-moreau'],
      metadata: about('Does everything, and looks after roles and policies.'),
    }),
    bookedRole(clerks, 'rest', {
      memberReferences: [
        'group:default/ticketing',
        'user:default/daniel-berg',
        'user:default/gone',
      ],
      metadata: {
        ...about('Who sells tickets'),
        modifiedBy: 'user:default/ines-moreau',
        lastModified: '2026-11-20T09:30:00.000Z',
      },
    }),
    bookedRole(tills, 'roles-file', { memberReferences: ['group:default/commerce'] }),
  ]
  book.policies = [
    allow(viewer ?? '', 'catalog-entity', 'read'),
    allow(owner ?? '', 'catalog-entity', 'read'),
    allow(owner ?? '', 'catalog.location.create', 'create'),
    allow(admin ?? '', 'policy-entity', 'read'),
    allow(admin ?? '', 'policy-entity', 'update'),
    allow(clerks, 'catalog.location.create', 'create', 'deny'),
    allow(clerks, 'catalog.entity.refresh', 'update'),
    allow(tills, 'catalog-entity', 'read'),
  ]
  const [label, mine] = [
    { rule: 'HAS_LABEL', resourceType: 'catalog-entity', params: { label: 'confidential' } },
    { rule: 'IS_ENTITY_OWNER', resourceType: 'catalog-entity', params: { claims: ['$ownerRefs'] } },
  ]
  const kinds = {
    rule: 'IS_ENTITY_KIND',
    resourceType: 'catalog-entity',
    params: { kinds: ['API', 'System'] },
  }
  const one = { pluginId: 'catalog', resourceType: 'catalog-entity' }
  book.conditions = [
    {
      ...one,
      id: 1,
      roleEntityRef: clerks,
      permissionMapping: [{ name: 'catalog.entity.read', action: 'read' }],
      conditions: { anyOf: [mine, { allOf: [kinds, { not: label }] }] },
    },
    {
      ...one,
      id: -1,
      roleEntityRef: owner ?? '',
      permissionMapping: ['update', 'delete'],
      conditions: mine,
    },
  ]
  book.trial = {
    user: '',
    reads: [
      triedRead('catalog-entity', [12, 14], {
        gained: [
          'api:default/offers-api',
          'component:default/barcode',
          'component:default/loyalty',
        ],
        lost: ['component:default/seat-map'],
      }),
      triedRead('policy-entity', [5, 5], {}),
    ],
    changes: [
      triedChange('catalog.entity.read', 'ALLOW', 'CONDITIONAL'),
      triedChange('catalog.location.create', 'ALLOW', 'DENY'),
    ],
  }
  book.explain = ({ user, permission, resourceRef }) => ({
    user: user ?? 'user:default/ines-moreau',
    permission,
    action: 'read',
    resourceType: 'catalog-entity',
    decision: resourceRef ? 'DENY' : 'CONDITIONAL',
    why: resourceRef ? 'the conditions are not true for it' : 'conditions decide for each thing',
    roles: [
      {
        role: clerks,
        source: 'rest',
        through: [user ?? 'user:default/ines-moreau', 'group:default/ticketing'],
      },
      { role: viewer, source: 'built-in', through: ['everyone'] },
    ],
    grounds: [{ role: clerks, says: JSON.stringify(mine), at: 'the database, condition 1' }],
    conditions: resourceRef
      ? {
          anyOf: [
            { ...mine, result: false },
            {
              allOf: [
                { ...kinds, result: true },
                { not: { ...label, result: true }, result: false },
              ],
              result: false,
            },
          ],
          result: false,
        }
      : { anyOf: [mine, { allOf: [kinds, { not: label }] }] },
  })
}
