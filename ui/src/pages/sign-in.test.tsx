// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import type { MockServer } from '../../mock/server'

/** Where the browser was sent, beyond the pages' own routes. */
let sentTo: string[] = []

beforeEach(() => {
  sentTo = []
  vi.stubGlobal('location', {
    ...window.location,
    assign: (address: string) => sentTo.push(address),
  })
})

afterEach(() => vi.unstubAllGlobals())

const closed = (server: MockServer) => {
  server.door.signInRequired = true
  server.door.providers = [
    { id: 'github', title: 'GitHub', kind: 'popup', environment: 'production' },
    { id: 'local', title: 'Password', kind: 'password', environment: '' },
  ]
}

test('a stranger is led to the sign-in page, and from there to where they wanted to go', async () => {
  const { user, server, location, container } = renderPortal('/catalog?kind=api', undefined, closed)
  await screen.findByRole('heading', { level: 1, name: 'Sign in to Callboard' })
  expect(location()).toBe('/sign-in?to=/catalog%3Fkind%3Dapi')
  expect(server.log.filter((line) => line.includes('/api/catalog'))).toEqual([])
  await expectAccessible(container)

  await user.type(screen.getByLabelText('Name'), 'ada')
  await user.type(screen.getByLabelText('Password'), 'wrong horse')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  expect((await screen.findByRole('alert')).textContent).toContain(
    'The name or the password is wrong.',
  )
  await user.clear(screen.getByLabelText('Password'))
  await user.type(screen.getByLabelText('Password'), 'correct horse battery')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  await waitFor(() => expect(sentTo).toEqual(['/catalog?kind=api']))
})

test('a provider is asked with where to come back to', async () => {
  renderPortal('/catalog?kind=api', undefined, closed)
  const link = await screen.findByRole('link', { name: 'Continue with GitHub' })
  const address = new URL(link.getAttribute('href') ?? '')
  expect(address.pathname).toBe('/api/auth/github/start')
  expect(Object.fromEntries(address.searchParams)).toEqual({
    env: 'production',
    flow: 'redirect',
    redirectUrl: 'http://localhost:3000/catalog?kind=api',
    scope: '',
  })
})

test('what a provider said went wrong is shown', async () => {
  renderPortal('/sign-in?error=Login%20failed', undefined, closed)
  expect((await screen.findByRole('alert')).textContent).toBe('Login failed.')
})

test('a link cannot lead somebody elsewhere after they signed in', async () => {
  renderPortal('/sign-in?to=https://evil.org/', undefined, closed)
  const link = await screen.findByRole('link', { name: 'Continue with GitHub' })
  const back = new URL(link.getAttribute('href') ?? '').searchParams.get('redirectUrl')
  expect(back).toBe('http://localhost:3000/')
})

test('whoever is signed in sees their name and may leave', async () => {
  const { user, server } = renderPortal('/catalog', undefined, (server) => {
    closed(server)
    server.door.user = {
      entityRef: 'user:default/ada',
      ownershipEntityRefs: [],
      displayName: 'Ada Byron',
    }
  })
  const link = await screen.findByRole('link', { name: 'Ada Byron' })
  expect(link.getAttribute('href')).toBe('/catalog/default/user/ada')
  await user.click(screen.getByRole('button', { name: 'Sign out' }))
  await waitFor(() => expect(sentTo).toEqual(['/sign-in']))
  expect(server.door.user).toBeUndefined()
})

test('where nobody has to sign in, nothing of it is there', async () => {
  const { server } = renderPortal('/catalog')
  await screen.findByText('116 entities')
  expect(screen.queryByRole('button', { name: 'Sign out' })).toBeNull()
  expect(server.log.filter((line) => line.includes('/api/auth'))).toEqual([])
})

test('an invitation lets its owner choose a password', async () => {
  const { user, container } = renderPortal('/welcome#secret', undefined, closed)
  await screen.findByText('ada')
  await expectAccessible(container)
  await user.type(screen.getByLabelText('Password'), 'correct horse battery')
  await user.type(screen.getByLabelText('The same again'), 'correct horse')
  await user.click(screen.getByRole('button', { name: 'Set password' }))
  expect((await screen.findByRole('alert')).textContent).toContain('not the same')
  await user.type(screen.getByLabelText('The same again'), ' battery')
  await user.click(screen.getByRole('button', { name: 'Set password' }))
  await waitFor(() => expect(sentTo).toEqual(['/']))
})

test('an invitation that is over says so', async () => {
  renderPortal('/welcome#old', undefined, closed)
  expect((await screen.findByRole('alert')).textContent).toContain('is over, or was used already')
})
