import { queryOptions } from '@tanstack/react-query'
import { answerOf, api, done } from './client'
import { ApiError } from './error'
import type { components } from './schema'

type Schemas = components['schemas']

/** A browser in which somebody is signed in. */
export type Session = Schemas['SessionItem']
/** A personal access token, without its text. */
export type Token = Schemas['TokenItem']
/** A passkey of an account of the portal. */
export type Passkey = Schemas['PasskeyItem']

/** Where one is signed in. */
export const mySessions = queryOptions({
  queryKey: ['my', 'sessions'],
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET('/api/auth/v1/me/sessions', { signal }))).items,
})

/** One's personal access tokens. */
export const myTokens = queryOptions({
  queryKey: ['my', 'tokens'],
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET('/api/auth/v1/me/tokens', { signal }))).items,
})

/** One's passkeys. */
export const myPasskeys = queryOptions({
  queryKey: ['my', 'passkeys'],
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET('/api/auth/v1/me/passkeys', { signal }))).items,
})

/** Signs out in one browser. */
export const endSession = (id: string): Promise<void> =>
  done(api.DELETE('/api/auth/v1/me/sessions/{id}', { params: { path: { id } } }))

/** Makes a personal access token; its text is in the answer and nowhere else. */
export const createToken = (body: Schemas['NewToken']): Promise<Schemas['CreatedToken']> =>
  answerOf(api.POST('/api/auth/v1/me/tokens', { body }))

/** Revokes a personal access token. */
export const revokeToken = (id: string): Promise<void> =>
  done(api.DELETE('/api/auth/v1/me/tokens/{id}', { params: { path: { id } } }))

/** Removes a passkey. */
export const removePasskey = (id: string): Promise<void> =>
  done(api.DELETE('/api/auth/v1/me/passkeys/{id}', { params: { path: { id } } }))

/** Changes one's password, which signs out everywhere. */
export const changePassword = (present: string, next: string): Promise<void> =>
  done(api.PUT('/api/auth/v1/me/password', { body: { present, new: next } }))

/** Whether this browser can make and show passkeys. */
export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential !== 'undefined' &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'

interface CreationOptions {
  publicKey: PublicKeyCredentialCreationOptionsJSON
}

interface RequestOptions {
  publicKey: PublicKeyCredentialRequestOptionsJSON
}

/** Has a device make a passkey, which the account is signed in with from now on. */
export async function makePasskey(label: string): Promise<void> {
  const { ceremony, options } = await answerOf(api.POST('/api/auth/v1/me/passkeys/ceremony'))
  const { publicKey } = options as unknown as CreationOptions
  const credential = await ofDevice(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey),
    }),
  )
  await done(api.POST('/api/auth/v1/me/passkeys', { body: { ceremony, label, credential } }))
}

/** Signs in with a passkey of a device. */
export async function signInWithPasskey(): Promise<void> {
  const { ceremony, options } = await answerOf(api.POST('/api/auth/local/passkey/ceremony'))
  const { publicKey } = options as unknown as RequestOptions
  const credential = await ofDevice(() =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey),
    }),
  )
  await done(api.POST('/api/auth/local/passkey/sign-in', { body: { ceremony, credential } }))
}

/** What a device answers, as JSON; somebody who changed their mind is told so plainly. */
async function ofDevice(ask: () => Promise<Credential | null>): Promise<Record<string, never>> {
  let credential: Credential | null
  try {
    credential = await ask()
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.name : ''
    const message =
      reason === 'InvalidStateError'
        ? 'This device has a passkey for the account already.'
        : 'The device did not give a passkey.'
    throw new ApiError('Passkey', message, 400, 'Try again, or use another device.')
  }
  if (!(credential instanceof PublicKeyCredential)) {
    throw new ApiError('Passkey', 'The device did not give a passkey.', 400)
  }
  return credential.toJSON() as unknown as Record<string, never>
}
