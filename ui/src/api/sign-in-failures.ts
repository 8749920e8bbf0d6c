import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './client'
import type { components } from './schema'

/** An attempt to sign in that failed. */
export type SignInFailure = components['schemas']['FailureItem']
/** What a resolver compared, and what came of it. */
export type Comparison = components['schemas']['Comparison']

/** The permission to see them. */
export const READ_FAILURES = { name: 'auth.sign-in-failure.read' }

/** The latest attempts to sign in that failed, the newest first. */
export const signInFailures = queryOptions({
  queryKey: ['sign-in-failures'],
  staleTime: 0,
  refetchOnWindowFocus: false,
  queryFn: async ({ signal }) =>
    (await answerOf(api.GET('/api/auth/v1/sign-in-failures', { signal }))).items,
})

const BY_RESULT: Record<string, string> = {
  nobody: 'Add the user to the catalog, or correct what is compared.',
  several: 'Several users of the catalog have the same value: correct all but one of them.',
  refused: 'Correct what the provider tells about the account, or use another resolver.',
}

const LOST_COOKIE =
  'The browser did not send its cookie: it blocks cookies, took more than ten minutes, or `backend.baseUrl` is not where people open the portal.'

/** Why, for an administrator; whom no resolver found was told only whom to ask. */
export const reasonOf = ({ reason, comparisons }: SignInFailure): string =>
  comparisons.length > 0 ? 'No resolver found the user whom the account belongs to.' : reason

/** What an administrator can do about it; the hint of the server is for everything else. */
export function whatToDo({ code, hint, comparisons }: SignInFailure): string | undefined {
  const advice = new Set(comparisons.flatMap(({ result }) => BY_RESULT[result] ?? []))
  if (advice.size > 0) return [...advice].join(' ')
  return code === 'missing-nonce' ? LOST_COOKIE : (hint ?? undefined)
}
