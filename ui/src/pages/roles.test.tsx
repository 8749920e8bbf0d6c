// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { buildCatalog } from '../../mock/build'
import { furnish } from '../../mock/furnished-roles'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { MockServer } from '../../mock/server'

const OFFICE = '/admin/roles/role/default/ticket-office'

/** Opens a page of a portal where roles decide. */
const open = (address: string, prepare: (server: MockServer) => void = () => {}) =>
  renderPortal(address, buildCatalog(), (server) => {
    furnish(server.roles)
    prepare(server)
  })

type Opened = ReturnType<typeof open>

const pick = async ({ user }: Opened, label: string, text: string, name: RegExp) => {
  await user.type(await screen.findByLabelText(label), text)
  await user.click(await screen.findByRole('option', { name }))
}

test('roles are listed with what they permit, and the search stands in the address', async () => {
  const { user, location, container } = open('/admin/roles')
  const row = (await screen.findByRole('link', { name: 'ticket-office' })).closest('tr')
  for (const part of ['Who sells tickets', 'catalog.entity.read if…', 'Made here', '3']) {
    expect(row?.textContent).toContain(part)
  }
  const names = () =>
    screen
      .getAllByRole('row')
      .slice(1)
      .map((one) => one.querySelector('a')?.textContent)
  expect(names()).toEqual(['viewer', 'owner', 'admin', 'ticket-office', 'commerce/tills'])
  expect(await screen.findByRole('link', { name: 'Roles' })).toBeTruthy()
  await expectAccessible(container)

  await user.type(screen.getByLabelText(/^Find roles/), 'daniel')
  await waitFor(() => expect(location()).toBe('/admin/roles?q=daniel'))
  expect(names()).toEqual(['ticket-office'])
  await user.type(screen.getByLabelText(/^Find roles/), 'x')
  await user.click(await screen.findByRole('button', { name: 'Clear the search' }))
  await waitFor(() => expect(names()).toHaveLength(5))
})

test('where roles do not decide, the page says how to enable them, and there is no entry', async () => {
  renderPortal('/admin/roles', [])
  await screen.findByRole('heading', { level: 1, name: 'Roles are not enabled in this portal' })
  await screen.findByRole('link', { name: 'Audit' })
  expect(screen.queryByRole('link', { name: 'Roles' })).toBeNull()
})

test('who may not see roles is told so, and who may not make any is offered none', async () => {
  const message = '`user:default/ada` may not read'
  const refused = open('/admin/roles', ({ office, roles }) => {
    office.denied.add('policy.entity.read')
    roles.refused.set('GET /', { status: 403, message, hint: 'ask for `policy.entity.read`' })
  })
  await screen.findByRole('heading', { level: 1, name: 'This page is not for everybody' })
  refused.unmount()
  open('/admin/roles/new', ({ office }) => office.denied.add('policy.entity.create'))
  await screen.findByRole('heading', { level: 1, name: 'This page is not for everybody' })
  expect(screen.getByRole('alert').textContent).toContain('policy.entity.create')
})

test('a role says who has it, what it permits in words, and where it is written', async () => {
  const { container } = open(OFFICE)
  const permissions = await screen.findByRole('list', { name: 'Permissions' })
  const said = () => permissions.textContent
  await waitFor(() => expect(said()).toContain('catalog · other permissionsDeniescatalog.location'))
  expect(said()).toContain(
    'ifany ofowned by whoever asks, or a group of theirsall ofof the kind API or Systemnotwith the label confidential',
  )
  expect(await screen.findByRole('link', { name: 'Ticketing' })).toBeTruthy()
  expect(await screen.findByText('missing')).toBeTruthy()
  expect(screen.getByRole('link', { name: 'Edit ticket-office' })).toBeTruthy()
  await expectAccessible(container)
})

test('a role of a file says where it is changed, and is not changed here', async () => {
  const page = open('/admin/roles/role/commerce/tills')
  await screen.findByText('permission.rolesFile')
  expect(screen.queryByRole('link', { name: 'Edit tills' })).toBeNull()
  expect(screen.queryByRole('button', { name: /Remove/ })).toBeNull()
  page.unmount()
  open('/admin/roles/role/commerce/tills/edit')
  await screen.findByRole('heading', { level: 1, name: 'commerce/tills is not changed here' })
})

test('a role that is not there is told apart from a portal without roles', async () => {
  open('/admin/roles/role/default/nobody')
  await screen.findByRole('heading', { level: 1, name: 'There is no role nobody' })
})

test('a role is removed once that is confirmed', async () => {
  const { user, server, location } = open(OFFICE)
  await user.click(await screen.findByRole('button', { name: 'Remove ticket-office' }))
  await user.click(await screen.findByRole('button', { name: 'Remove' }))
  await waitFor(() => expect(location()).toBe('/admin/roles'))
  expect(server.roles.changes).toEqual(['DELETE /roles/role/default/ticket-office'])
  await screen.findByRole('link', { name: 'viewer' })
  expect(screen.queryByRole('link', { name: 'ticket-office' })).toBeNull()
})

test('what is missing is marked before anything is sent, and the first of it has the focus', async () => {
  const opened = open('/admin/roles/new')
  const { user, server, container } = opened
  await user.click(await screen.findByRole('button', { name: 'Add permissions' }))
  expect(document.activeElement).toBe(screen.getByLabelText('About'))
  await user.selectOptions(screen.getByLabelText('Effect'), 'Allow if…')
  await user.click(screen.getByRole('button', { name: 'Make the role' }))
  for (const problem of [
    'Give the role a name.',
    'Add at least one person or group.',
    'Choose at least one permission.',
    'Choose a condition.',
  ]) {
    expect(screen.getByText(problem)).toBeTruthy()
  }
  expect(document.activeElement).toBe(screen.getByLabelText('Name'))
  await expectAccessible(container)
  await user.type(screen.getByLabelText('Name'), 'two words')
  expect(screen.getByText(/A name is made of letters and digits/)).toBeTruthy()
  await user.selectOptions(screen.getByLabelText('Condition'), 'IS_ENTITY_KIND')
  expect(screen.getByText('Fill in “kinds”.')).toBeTruthy()
  expect(server.roles.changes).toEqual([])
})

test('a role is made with members, a condition and a denial; what it allows comes last', async () => {
  const opened = open('/admin/roles/new')
  const { user, server, location } = opened
  await user.type(await screen.findByLabelText('Name'), 'crew')
  await pick(opened, 'Add a person or group', 'ticke', /Ticketing/)
  await user.type(screen.getByLabelText('Add a person or group'), 'user:default/zoe')
  await user.click(await screen.findByRole('option', { name: /user:default\/zoe/ }))

  await user.click(screen.getByRole('button', { name: 'Add permissions' }))
  await user.click(screen.getByRole('checkbox', { name: 'catalog.entity.refresh' }))
  await user.click(screen.getByRole('button', { name: 'Add permissions' }))
  const second = within(screen.getByRole('group', { name: /^Part 2/ }))
  await user.click(second.getByRole('checkbox', { name: 'read any catalog-entity' }))
  await user.selectOptions(second.getByLabelText('Effect'), 'Allow if…')
  // What was said of the whole type is what it is made of.
  expect(second.getByRole('checkbox', { name: 'catalog.entity.read', checked: true })).toBeTruthy()
  await user.selectOptions(second.getByLabelText('Condition'), 'IS_ENTITY_OWNER')
  await user.click(second.getByRole('button', { name: 'whoever asks, or a group of theirs' }))
  await user.type(second.getByLabelText('claims'), 'group:default/lumen,')
  await user.click(screen.getByRole('button', { name: 'Add permissions' }))
  const third = within(screen.getByRole('group', { name: /^Part 3/ }))
  await user.selectOptions(third.getByLabelText('Effect'), 'Deny')
  await user.click(third.getByRole('checkbox', { name: 'remove any catalog-entity' }))
  await user.click(screen.getByRole('button', { name: 'Make the role' }))

  await waitFor(() => expect(location()).toBe('/admin/roles/role/default/crew'))
  expect(server.roles.changes).toEqual([
    'POST /roles',
    'POST /policies',
    'POST /roles/conditions',
    'POST /policies',
  ])
  expect(server.roles.roles.at(-1)?.memberReferences).toEqual([
    'group:default/ticketing',
    'user:default/zoe',
  ])
  expect(
    server.roles.policies.slice(-2).map(({ effect, permission }) => [effect, permission]),
  ).toEqual([
    ['deny', 'catalog-entity'],
    ['allow', 'catalog.entity.refresh'],
  ])
  expect(server.roles.conditions.at(-1)).toMatchObject({
    pluginId: 'catalog',
    permissionMapping: [{ name: 'catalog.entity.read', action: 'read' }],
    conditions: {
      rule: 'IS_ENTITY_OWNER',
      params: { claims: ['$ownerRefs', 'group:default/lumen'] },
    },
  })
  expect(
    (await screen.findByRole('region', { name: 'Saved, and it counts' })).textContent,
  ).toContain('make the role role:default/crew')
})

test('what the server refuses is said beside the form, which keeps all; saving again does the rest', async () => {
  const { user, server, location } = open(`${OFFICE}/edit`, ({ roles }) => {
    const message = '`user:default/ada` cannot give `catalog-entity` (delete) without having it'
    roles.refused.set('POST /policies', { status: 403, message, hint: 'ask somebody who may' })
  })
  await user.clear(await screen.findByLabelText('Description'))
  await user.type(screen.getByLabelText('Description'), 'Who sells')
  const first = within(screen.getByRole('group', { name: /^Part 1/ }))
  await user.click(first.getByRole('checkbox', { name: 'remove any catalog-entity' }))
  await user.click(screen.getByRole('button', { name: 'Save' }))
  const alert = await screen.findByRole('alert')
  for (const part of [
    'cannot give catalog-entity (delete)',
    'Ask somebody who may.',
    'Done: change the description',
    'Refused: allow catalog-entity (delete)',
  ]) {
    expect(alert.textContent).toContain(part)
  }
  expect(
    first.getByRole('checkbox', { name: 'remove any catalog-entity', checked: true }),
  ).toBeTruthy()

  server.roles.refused.clear()
  const before = server.roles.changes.length
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(location()).toBe(OFFICE))
  expect(server.roles.changes.slice(before)).toEqual(['POST /policies'])
})

test('a name that another role has is refused, and saving again does not touch that role', async () => {
  const opened = open('/admin/roles/new')
  const { user, server } = opened
  await user.type(await screen.findByLabelText('Name'), 'ticket-office')
  await pick(opened, 'Add a person or group', 'payments', /Payments/)
  for (const attempt of [1, 2]) {
    await user.click(screen.getByRole('button', { name: 'Make the role' }))
    await waitFor(() => expect(server.roles.changes).toHaveLength(attempt))
    expect((await screen.findByRole('alert')).textContent).toContain('is there already')
  }
  expect(server.roles.changes).toEqual(['POST /roles', 'POST /roles'])
})

test('conditions are built with groups in each other, and the focus stays where one works', async () => {
  const { user, server } = open(`${OFFICE}/edit`)
  const part = within(await screen.findByRole('group', { name: /^Part 2/ }))
  const outer = () => part.getByRole('group', { name: 'Conditions' })
  const add = part.getAllByRole('button', { name: 'Add a group' }).at(-1) as HTMLElement
  await user.click(add)
  const made = within(outer()).getAllByRole('group', { name: 'Group of conditions' }).at(-1)
  expect(made?.contains(document.activeElement)).toBe(true)
  const inner = within(made as HTMLElement)
  await user.selectOptions(inner.getByLabelText('How they count together'), 'none of these is true')
  await user.selectOptions(inner.getByLabelText('Condition'), 'HAS_LABEL')
  await user.type(inner.getByLabelText('label'), 'old')
  await user.click(part.getByRole('button', { name: 'Remove group 2' }))
  expect(document.activeElement?.textContent).toBe('Add a condition')
  await user.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(server.roles.changes).toContain('PUT /roles/conditions/1'))
  const label = { rule: 'HAS_LABEL', resourceType: 'catalog-entity', params: { label: 'old' } }
  const mine = { rule: 'IS_ENTITY_OWNER' }
  expect(server.roles.conditions.find(({ id }) => id === 1)?.conditions).toMatchObject({
    anyOf: [mine, { not: label }],
  })
})

test('who has written something is asked before they leave it', async () => {
  const { user, location } = open(`${OFFICE}/edit`)
  await user.type(await screen.findByLabelText('Description'), '!')
  await user.click(screen.getByRole('link', { name: 'Cancel' }))
  await user.click(await screen.findByRole('button', { name: 'Stay here' }))
  expect(location()).toBe(`${OFFICE}/edit`)
  await user.click(screen.getByRole('link', { name: 'Cancel' }))
  await user.click(await screen.findByRole('button', { name: 'Leave' }))
  await waitFor(() => expect(location()).toBe(OFFICE))
})

test('a role can begin like another one', async () => {
  const { user } = open('/admin/roles/role/default/owner')
  await user.click(await screen.findByRole('link', { name: 'Make one like it' }))
  const part = within(await screen.findByRole('group', { name: /^Part 2/ }))
  const checked = () =>
    part.getAllByRole('checkbox', { checked: true }).map((box) => box.closest('label')?.textContent)
  expect(checked()).toEqual(['catalog.entity.refresh', 'catalog.entity.delete'])
  expect((screen.getByLabelText('Name') as HTMLInputElement).value).toBe('')
})

test('a draft is tried for a person: what they would gain and lose, and what is decided otherwise', async () => {
  const opened = open(`${OFFICE}/edit`)
  const { user, server, container } = opened
  await pick(opened, 'Person to try it for', 'lea', /Lea Fischer/)
  await user.click(screen.getByRole('button', { name: 'What would they see?' }))
  const gained = await screen.findByRole('list', { name: 'Gained of catalog-entity' })
  expect(await within(gained).findByRole('link', { name: 'Offers' })).toBeTruthy()
  expect(screen.getByText('reads 12 now, 14 then')).toBeTruthy()
  expect(screen.getByRole('row', { name: 'catalog.location.create allowed denied' })).toBeTruthy()
  const [tried] = server.roles.tried
  expect(tried).toMatchObject({
    user: 'user:default/lea-fischer',
    roles: [
      {
        name: 'role:default/ticket-office',
        permissions: [
          { permission: 'catalog.entity.refresh', actions: ['update'], effect: 'allow' },
          { permission: 'catalog.location.create', actions: ['create'], effect: 'deny' },
          { permission: 'catalog.entity.read', resourceType: 'catalog-entity', actions: ['read'] },
        ],
      },
    ],
  })
  await expectAccessible(container)
  await user.type(screen.getByLabelText('Description'), '!')
  expect(screen.getByText(/before your last change/)).toBeTruthy()
})

test('a decision is explained, and the question stands in the address', async () => {
  const opened = open('/admin/roles/why')
  const { user, location, container } = opened
  await pick(opened, 'Who', 'lea', /Lea Fischer/)
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose another: Who' }))
  await user.selectOptions(screen.getByLabelText('Permission'), 'catalog.entity.read')
  await pick(opened, 'Thing', 'barcode', /barcode/)
  await user.click(screen.getByRole('button', { name: 'Explain' }))
  await screen.findByRole('heading', { name: 'Denied' })
  const question = 'user=user:default/lea-fischer&permission=catalog.entity.read'
  expect(location()).toBe(`/admin/roles/why?${question}&thing=component:default/barcode`)
  expect(screen.getByRole('list', { name: 'Way to the role' }).textContent).toContain(
    'group:default/ticketing',
  )
  expect(screen.getAllByText('true')).toHaveLength(2)
  await expectAccessible(container)
})

test('who may not see roles can ask about themselves', async () => {
  const { user, server } = open('/admin/roles/why', ({ roles }) => {
    roles.refused.set('GET /plugins', { status: 403, message: 'no' })
  })
  await user.type(await screen.findByLabelText('Permission'), 'catalog.location.create')
  await user.click(screen.getByRole('button', { name: 'Explain' }))
  await screen.findByRole('heading', { name: 'Depends on the thing' })
  expect(screen.queryByLabelText('Who')).toBeNull()
  expect(server.log.at(-1)).toBe('POST /api/permission/explain')
})
