// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { account } from '../../mock/office'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { MockServer } from '../../mock/server'
import type { AuditEvent } from '../api/audit'
import type { SignInFailure } from '../api/sign-in-failures'

const LOCAL = { id: 'local', title: 'Password', kind: 'password' as const, environment: '' }

/** Opens a page as somebody who signed in. */
const open = (address: string, prepare: (server: MockServer) => void = () => {}) =>
  renderPortal(address, [], (server) => {
    server.door.signInRequired = true
    server.door.user = { entityRef: 'user:default/ada', ownershipEntityRefs: [] }
    server.door.providers = [LOCAL]
    server.office.accounts = [account('ada', { administrator: true, hasPassword: true })]
    prepare(server)
  })

const links = () =>
  within(screen.getByRole('navigation', { name: 'Administration' }))
    .getAllByRole('link')
    .map((link) => link.textContent)

const event = (id: number, more: Partial<AuditEvent> = {}): AuditEvent => ({
  id: String(id),
  at: '2026-11-28T03:00:00.000Z',
  event: 'entity-mutate',
  outcome: 'succeeded',
  details: {},
  ...more,
})

test('the sidebar leads only to what somebody may see, which one request asks about', async () => {
  const { server } = open('/settings', ({ office }) => office.denied.add('audit.event.read'))
  await screen.findByRole('link', { name: 'Accounts' })
  expect(links()).toEqual(['Sign-ins', 'Accounts'])
  expect(server.log.filter((line) => line.includes('/authorize'))).toHaveLength(1)
})

test('who may see nothing of the administration does not see that there is one', async () => {
  open('/settings', ({ office }) => {
    for (const it of ['audit.event', 'auth.sign-in-failure', 'auth.account']) {
      office.denied.add(`${it}.read`)
    }
  })
  await screen.findByRole('heading', { name: 'Settings' })
  expect(screen.queryByRole('navigation', { name: 'Administration' })).toBeNull()
})

test('where nobody signs in there are neither sign-ins nor accounts', async () => {
  renderPortal('/catalog', [])
  await screen.findByRole('link', { name: 'Audit' })
  expect(links()).toEqual(['Audit'])
})

test.each(['audit', 'sign-ins', 'accounts'])(
  'whoever may not see %s is told so at its address',
  async (page) => {
    const { container } = open(`/admin/${page}`, ({ office }) => {
      for (const it of ['audit.event', 'auth.sign-in-failure', 'auth.account']) {
        office.denied.add(`${it}.read`)
      }
    })
    await screen.findByRole('heading', { level: 1, name: 'This page is not for everybody' })
    expect(screen.getByRole('alert').textContent).toContain('Ask for the permission')
    await expectAccessible(container)
  },
)

test('an event opens to all that is known, and leads to others that are like it', async () => {
  const { user, location, container } = open('/admin/audit', ({ office }) => {
    const details = { account: 'grace', provider: 'local', tried: { times: 3 } }
    office.events = [
      event(2, {
        event: 'sign-in',
        outcome: 'denied',
        requestId: 'abc-1',
        details: details as never,
      }),
      event(1, { actor: 'user:default/ada' }),
    ]
  })
  const row = await screen.findByRole('button', { name: 'sign-in', expanded: false })
  expect(row.closest('tr')?.textContent).toContain('grace · local')
  await user.click(row)
  expect(screen.getByText('abc-1')).toBeTruthy()
  expect(screen.getByText('2026-11-28T03:00:00.000Z')).toBeTruthy()
  expect(screen.getByText(/"times": 3/)).toBeTruthy()
  await user.click(screen.getByRole('button', { name: 'Copy the id of the request' }))
  expect(await navigator.clipboard.readText()).toBe('abc-1')
  await expectAccessible(container)

  await user.click(screen.getByRole('button', { name: 'Show only sign-in' }))
  await waitFor(() => expect(location()).toBe('/admin/audit?event=sign-in'))
  await waitFor(() => expect(screen.queryByText('user:default/ada')).toBeNull())
})

test('filters stand in the address, and what they leave out is said', async () => {
  const { user, location, server } = open('/admin/audit?outcome=denied&from=2026-11-01', (it) => {
    it.office.events = [event(1, { actor: 'user:default/ada', outcome: 'denied' })]
  })
  await screen.findByRole('button', { name: 'entity-mutate' })
  const asked = server.log.findLast((line) => line.includes('/api/audit/events')) ?? ''
  const from = new Date(2026, 10, 1).toISOString()
  expect(new URLSearchParams(asked.split('?')[1]).get('from')).toBe(from)

  await user.type(screen.getByLabelText('Who'), 'grace{Enter}')
  await screen.findByRole('heading', { name: 'Nothing like that happened' })
  expect(location()).toBe('/admin/audit?actor=user:default/grace&outcome=denied&from=2026-11-01')
  await user.click(screen.getByRole('button', { name: 'Clear all filters' }))
  await screen.findByRole('button', { name: 'entity-mutate' })
  expect(location()).toBe('/admin/audit')
})

test('pages go on by their cursor, and only the button asks for what is new', async () => {
  const { user, server } = open('/admin/audit', ({ office }) => {
    office.events = Array.from({ length: 60 }, (_, index) => event(60 - index))
  })
  const rows = () => screen.getAllByRole('button', { name: /^entity-mutate/ })
  await waitFor(() => expect(rows()).toHaveLength(50))
  await user.click(screen.getByRole('button', { name: 'Older' }))
  await waitFor(() => expect(rows()).toHaveLength(10))
  await user.click(screen.getByRole('button', { name: 'Newest' }))
  await waitFor(() => expect(rows()).toHaveLength(50))

  server.office.events = [event(61, { event: 'session-end' })]
  await user.click(screen.getByRole('button', { name: 'Reload' }))
  await screen.findByRole('button', { name: 'session-end' })
})

test('a failed sign-in says what was compared with what, and what to do', async () => {
  const failure: SignInFailure = {
    at: '2026-11-28T03:00:00.000Z',
    provider: 'github',
    requestId: 'abc-2',
    code: 'no-user',
    reason: 'ask an administrator',
    comparisons: [
      {
        resolver: 'usernameMatchingUserEntityName',
        compared: 'a user of whom the entity is `user:default/zoe`',
        result: 'nobody',
      },
    ],
  }
  const { container } = open('/admin/sign-ins', ({ door, office }) => {
    door.providers = [{ id: 'github', title: 'GitHub', kind: 'popup', environment: 'production' }]
    office.failures = [
      failure,
      { ...failure, requestId: 'abc-3', code: 'missing-nonce', comparisons: [] },
    ]
  })
  const [first, second] = await screen.findAllByRole('heading', { level: 2, name: 'GitHub' })
  const [compared, lost] = [first?.closest('li'), second?.closest('li')]
  for (const part of [
    'usernameMatchingUserEntityName',
    'looked for a user of whom the entity is user:default/zoe',
    'found nobody',
    'What to do: Add the user to the catalog, or correct what is compared.',
    'abc-2',
  ]) {
    expect(compared?.textContent).toContain(part)
  }
  expect(lost?.textContent).toContain('The browser did not send its cookie')
  await expectAccessible(container)
})

test('an invitation is shown once, and a removed account is gone once that is confirmed', async () => {
  const { user, server, container } = open('/admin/accounts')
  expect(await screen.findByText('The last administrator stays')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Remove ada' })).toBeNull()

  await user.type(await screen.findByLabelText('Name'), 'Grace')
  await user.click(screen.getByRole('button', { name: 'Invite' }))
  expect(await screen.findByText('https://portal.example.com/welcome#secret-of-grace')).toBeTruthy()
  expect(await screen.findByText(/has no password yet/)).toBeTruthy()
  await expectAccessible(container)

  await user.click(screen.getByRole('button', { name: 'Remove grace' }))
  await user.click(await screen.findByRole('button', { name: 'Keep it' }))
  expect(server.office.accounts).toHaveLength(2)
  await user.click(screen.getByRole('button', { name: 'Remove grace' }))
  await user.click(await screen.findByRole('button', { name: 'Remove' }))
  await waitFor(() => expect(screen.queryByRole('link', { name: 'grace' })).toBeNull())
  expect(screen.queryByText(/secret-of-grace/)).toBeNull()
})

test('who may only look at accounts is offered nothing else, and administrators are for their like', async () => {
  open('/admin/accounts', ({ office }) => {
    office.accounts = [account('boss', { administrator: true }), account('ada'), account('grace')]
    office.denied.add('auth.account.create')
  })
  await screen.findByRole('button', { name: 'Remove grace' })
  expect(screen.queryByRole('button', { name: 'New link for grace' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Invite' })).toBeNull()
  expect(screen.getByText('For administrators only')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Remove boss' })).toBeNull()
})

test('a portal without accounts of its own says how to have them', async () => {
  open('/admin/accounts', ({ office }) => {
    office.accounts = undefined
  })
  await screen.findByRole('heading', { name: 'This portal has no accounts of its own' })
})
