// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { expectAccessible, renderPortal } from '../../mock/render-portal'
import { MockServer } from '../../mock/server'

afterEach(() => vi.restoreAllMocks())

const SESSION = {
  id: 'one',
  clientId: 'https://agents.example.com/client.json',
  clientName: 'The agent',
  scope: 'openid offline_access',
  redirectUri: 'http://127.0.0.1:4711/callback',
}

/** Opens the page of a program that asks; `person` is who is signed in. */
function openConsent(person?: string, refuse?: string) {
  const asked: string[] = []
  const assign = vi.fn()
  vi.stubGlobal('location', { assign })
  const others = MockServer.prototype.handle
  vi.spyOn(MockServer.prototype, 'handle').mockImplementation(async function (
    this: MockServer,
    request: Request,
  ) {
    const { pathname } = new URL(request.url)
    if (!pathname.startsWith('/api/auth/')) return others.call(this, request)
    asked.push(`${request.method} ${pathname}`)
    if (pathname.endsWith('/me')) {
      const user = person && { entityRef: person, ownershipEntityRefs: [] }
      return Response.json({ signInRequired: true, ...(user ? { user } : {}) })
    }
    if (refuse) {
      return Response.json({ error: 'invalid_request', error_description: refuse }, { status: 400 })
    }
    if (request.method === 'GET') return Response.json(SESSION)
    return Response.json({
      redirectUrl: `${SESSION.redirectUri}?from=${pathname.split('/').pop()}`,
    })
  })
  return { ...renderPortal('/oauth2/authorize/one'), asked, assign }
}

test('the page names the program, its host, where it leads and what it gets', async () => {
  const { container } = openConsent('user:default/ada')
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe(
    'Let The agent act for you?',
  )
  const text = container.textContent ?? ''
  for (const part of [
    'user:default/ada',
    'agents.example.com',
    SESSION.clientId,
    SESSION.redirectUri,
    'all that you may do',
    'it may get new tokens by itself',
  ]) {
    expect(text).toContain(part)
  }
  await expectAccessible(container)
})

test('whoever approves goes back to the program, once', async () => {
  const { user, asked, assign } = openConsent('user:default/ada')
  await user.click(await screen.findByRole('button', { name: 'Approve' }))
  await waitFor(() => expect(assign).toHaveBeenCalledWith(`${SESSION.redirectUri}?from=approve`))
  expect(screen.getByRole('button', { name: 'Approve' })).toHaveProperty('disabled', true)
  expect(asked.filter((line) => line.startsWith('POST'))).toEqual([
    'POST /api/auth/v1/sessions/one/approve',
  ])
})

test('whoever denies goes back too', async () => {
  const { user, assign } = openConsent('user:default/ada')
  await user.click(await screen.findByRole('button', { name: 'Deny' }))
  await waitFor(() => expect(assign).toHaveBeenCalledWith(`${SESSION.redirectUri}?from=reject`))
})

test('nobody answers who is not signed in', async () => {
  openConsent()
  expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('Sign in first')
  expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull()
})

test('a request that is over says so in the words of the server', async () => {
  openConsent('user:default/ada', 'Authorization session expired')
  await screen.findByText('Authorization session expired')
})
