import { queryOptions } from '@tanstack/react-query'
import { answerOf, api, done } from './client'
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

/** Signs out in this browser. */
export const signOut = (): Promise<void> => done(api.POST('/api/auth/v1/sign-out'))
