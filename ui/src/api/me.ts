import { queryOptions } from '@tanstack/react-query'
import { answerOf, api, apiUrl, done } from './client'
import { errorFromBody } from './error'
import { safeUrl } from './safe-url'
import type { components } from './schema'

/** The person in front of the page, when one is signed in. */
export type Myself = components['schemas']['Myself']

/** Who is in front of the page. */
export const me = queryOptions({
  queryKey: ['me'],
  // Whether somebody is signed in changes by signing in or out, which asks again.
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => answerOf(api.GET('/api/auth/v1/me', { signal })),
})

/** The ways to sign in. */
export const signInMethods = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET('/api/auth/v1/providers', { signal }))).providers,
})

/** Signs in with an account of the portal. */
export async function signInWithPassword(name: string, password: string): Promise<void> {
  await answerOf(api.POST('/api/auth/local/sign-in', { body: { name, password } }))
}

/** Whom an invitation is for. */
export const invitation = (secret: string) =>
  queryOptions({
    queryKey: ['invitation', secret],
    queryFn: ({ signal }) =>
      answerOf(api.POST('/api/auth/local/invitation', { signal, body: { invitation: secret } })),
  })

/** Sets the password of the account that an invitation is for, and signs in. */
export async function acceptInvitation(secret: string, password: string): Promise<void> {
  await answerOf(
    api.POST('/api/auth/local/invitation/accept', { body: { invitation: secret, password } }),
  )
}

/**
 * Signs out in this browser, and where a provider vouched for the person there too; answers the
 * provider's page that ends the session with it, if there is one.
 */
export async function signOut(provider: string | undefined): Promise<string | undefined> {
  if (!provider || provider === 'local') {
    await done(api.POST('/api/auth/v1/sign-out'))
    return undefined
  }
  const address = apiUrl(`/api/auth/${encodeURIComponent(provider)}/logout`)
  const headers = { 'X-Requested-With': 'XMLHttpRequest' }
  const response = await fetch(new Request(address, { method: 'POST', headers }))
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw errorFromBody(body, response.status)
  const url: unknown = typeof body === 'object' && body ? Reflect.get(body, 'logoutUrl') : undefined
  return typeof url === 'string' ? safeUrl(url) : undefined
}
