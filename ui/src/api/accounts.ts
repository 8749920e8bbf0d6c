import { queryOptions } from '@tanstack/react-query'
import { answerOf, api, done } from './client'
import type { components } from './schema'

/** An account of the portal. */
export type Account = components['schemas']['AccountItem']
/** A link by which somebody sets the password of their account. */
export type InvitationLink = components['schemas']['InvitationLink']

/** The permission to see accounts. */
export const READ_ACCOUNTS = { name: 'auth.account.read' }
/** The permission to make accounts and to invite their owners. */
export const CREATE_ACCOUNTS = { name: 'auth.account.create' }
/** The permission to remove accounts. */
export const DELETE_ACCOUNTS = { name: 'auth.account.delete' }

/** The accounts of the portal. */
export const accounts = queryOptions({
  queryKey: ['accounts'],
  staleTime: 0,
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET('/api/auth/v1/accounts', { signal }))).items,
})

/** Makes an account: the link for its owner. */
export const createAccount = (body: components['schemas']['NewAccount']): Promise<InvitationLink> =>
  answerOf(api.POST('/api/auth/v1/accounts', { body }))

/** A new link for whoever forgot their password. */
export const inviteAgain = (name: string): Promise<InvitationLink> =>
  answerOf(api.POST('/api/auth/v1/accounts/{name}/invitation', { params: { path: { name } } }))

/** Removes an account, and signs its owner out. */
export const removeAccount = (name: string): Promise<void> =>
  done(api.DELETE('/api/auth/v1/accounts/{name}', { params: { path: { name } } }))
