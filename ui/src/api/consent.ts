import { queryOptions } from '@tanstack/react-query'
import { answerOf, api } from './client'
import type { components } from './schema'

/** A program that asks somebody whether it may act for them. */
export type ConsentSession = components['schemas']['SessionInfo']

/** What a program asks for. It does not change, and it is over once it is answered. */
export const consentSession = (id: string) =>
  queryOptions({
    queryKey: ['consent', id],
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      answerOf(api.GET('/api/auth/v1/sessions/{id}', { signal, params: { path: { id } } })),
  })

/** Who is asked. */
export const askedPerson = queryOptions({
  queryKey: ['consent', 'person'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/auth/v1/me', { signal })),
})

/** Answers a program: where the browser goes next. */
export function answerConsent(id: string, agrees: boolean): Promise<string> {
  const options = { params: { path: { id } } }
  const answer = agrees
    ? api.POST('/api/auth/v1/sessions/{id}/approve', options)
    : api.POST('/api/auth/v1/sessions/{id}/reject', options)
  return answerOf(answer).then(({ redirectUrl }) => redirectUrl)
}

/** Where a program says that it is from; nothing when the operator listed it. */
export function hostOf(address: string): string | undefined {
  try {
    return new URL(address).host || undefined
  } catch {
    return undefined
  }
}

/** Whether a program asks to stay when its first token is over. */
export const staysOn = ({ scope }: ConsentSession): boolean =>
  scope?.split(' ').includes('offline_access') ?? false
