import type { components } from '../src/api/schema'
import { refusal } from './refusal.ts'

type Schemas = components['schemas']

const PASSWORD = 'correct horse battery'

/** Signs people in: one account, and one invitation. */
export class FrontDesk {
  signInRequired = false
  user: Schemas['Myself'] | undefined
  providers: Schemas['Provider'][] = []

  isClosed(): boolean {
    return this.signInRequired && !this.user
  }

  async answer(path: string, request: Request): Promise<Response> {
    if (path === '/v1/me') {
      const { signInRequired, user } = this
      const me = { signInRequired, ...(user ? { user } : {}) }
      return Response.json(me satisfies Schemas['Me'])
    }
    if (path === '/v1/providers') {
      return Response.json({ providers: this.providers } satisfies Schemas['ProviderList'])
    }
    if (path === '/v1/sign-out') {
      this.user = undefined
      return new Response(null, { status: 204 })
    }
    const body = request.method === 'POST' ? await request.json() : {}
    if (path === '/local/sign-in') return this.signIn(request, body)
    if (path === '/local/invitation') return this.invitation(request, body)
    if (path === '/local/invitation/accept') return this.welcome()
    return refusal(request, 404, 'NotFoundError', `no operation at ${path}`)
  }

  private signIn(request: Request, { name, password }: Schemas['Credentials']): Response {
    if (name === 'ada' && password === PASSWORD) return this.welcome()
    const message = 'the name or the password is wrong'
    return refusal(request, 401, 'AuthenticationError', message, 'ask an administrator')
  }

  private invitation(request: Request, { invitation }: Schemas['Question']): Response {
    if (invitation !== 'secret') {
      return refusal(request, 404, 'NotFoundError', 'this invitation is over, or was used already')
    }
    const expiresAt = '2026-01-02T00:00:00.000Z'
    return Response.json({
      name: 'ada',
      expiresAt,
      shortestPassword: 12,
    } satisfies Schemas['Invited'])
  }

  private welcome(): Response {
    const entityRef = 'user:default/ada'
    this.user = { entityRef, ownershipEntityRefs: [entityRef], displayName: 'Ada Byron' }
    return Response.json({
      backstageIdentity: {
        token: '',
        expiresInSeconds: 3600,
        identity: { type: 'user', userEntityRef: entityRef, ownershipEntityRefs: [entityRef] },
      },
    } satisfies Schemas['Welcome'])
  }
}
