import { expect, test } from 'vitest'
import { paths } from './paths'

const ref = { kind: 'Component', namespace: 'Shop', name: 'Cart_v2.1' }

test('every address of the portal stays what it is', () => {
  const all = {
    home: paths.home(),
    signIn: paths.signIn(),
    welcome: paths.welcome(),
    settings: paths.settings(),
    audit: paths.audit(),
    signIns: paths.signIns(),
    accounts: paths.accounts(),
    roles: paths.roles(),
    newRole: paths.newRole(),
    why: paths.why(),
    role: paths.role({ kind: 'role', namespace: 'default', name: 'Ticket_office' }),
    editRole: paths.editRole({ kind: 'role', namespace: 'default', name: 'tills' }),
    catalog: paths.catalog(),
    graph: paths.graph(),
    entity: paths.entity(ref),
    entityTab: paths.entityTab(ref, 'yaml'),
  }
  expect(Object.keys(all)).toEqual(Object.keys(paths))
  expect(all).toMatchInlineSnapshot(`
    {
      "accounts": "/admin/accounts",
      "audit": "/admin/audit",
      "catalog": "/catalog",
      "editRole": "/admin/roles/role/default/tills/edit",
      "entity": "/catalog/shop/component/Cart_v2.1",
      "entityTab": "/catalog/shop/component/Cart_v2.1/yaml",
      "graph": "/catalog-graph",
      "home": "/",
      "newRole": "/admin/roles/new",
      "role": "/admin/roles/role/default/Ticket_office",
      "roles": "/admin/roles",
      "settings": "/settings",
      "signIn": "/sign-in",
      "signIns": "/admin/sign-ins",
      "welcome": "/welcome",
      "why": "/admin/roles/why",
    }
  `)
})

test('a name cannot lead out of its segment', () => {
  expect(paths.entity({ ...ref, name: '../../x?y#z' })).toBe(
    '/catalog/shop/component/..%2F..%2Fx%3Fy%23z',
  )
})
