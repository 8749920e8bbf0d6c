import type { components } from '../src/api/schema'
import { refusal } from './refusal.ts'

type Schemas = components['schemas']

/** Where administrators look: what happened, who could not sign in, and the accounts. */
export class Office {
  /** What nobody may do. */
  readonly denied = new Set<string>()
  /** What happened, the newest first. */
  events: Schemas['EventItem'][] = []
  failures: Schemas['FailureItem'][] = []
  /** The accounts of the portal; it has none of its own without them. */
  accounts: Schemas['AccountItem'][] | undefined

  /** Answers what is about administration; nothing otherwise. */
  async answer(request: Request): Promise<Response | undefined> {
    const { pathname, searchParams } = new URL(request.url)
    const body: unknown =
      request.method === 'POST'
        ? await request
            .clone()
            .json()
            .catch(() => null)
        : null
    if (pathname === '/api/permission/authorize') {
      return Response.json(this.decide(body as Schemas['AuthorizeRequest']))
    }
    if (pathname === '/api/audit/events') {
      return this.unless('audit.event.read', request) ?? Response.json(this.page(searchParams))
    }
    if (pathname === '/api/auth/v1/sign-in-failures') {
      const items = this.failures
      return (
        this.unless('auth.sign-in-failure.read', request) ??
        Response.json({ items } satisfies Schemas['FailureList'])
      )
    }
    const [, name, invitation] =
      /^\/api\/auth\/v1\/accounts(?:\/([^/]+))?(\/invitation)?$/.exec(pathname) ?? []
    if (!this.accounts || !pathname.startsWith('/api/auth/v1/accounts')) return undefined
    if (request.method === 'DELETE') return this.remove(name ?? '')
    if (invitation) return this.invite(name ?? '')
    if (request.method === 'POST') return this.create(request, body as Schemas['NewAccount'])
    return (
      this.unless('auth.account.read', request) ??
      Response.json({ items: this.accounts } satisfies Schemas['AccountList'])
    )
  }

  private unless(permission: string, request: Request): Response | undefined {
    if (!this.denied.has(permission)) return undefined
    const hint = `ask for the permission \`${permission}\``
    return refusal(request, 403, 'NotAllowedError', '`user:default/ada` may not read', hint)
  }

  private decide({ items }: Schemas['AuthorizeRequest']) {
    return {
      items: items.map(({ id, permission }) => ({
        id,
        result: this.denied.has(permission.name) ? 'DENY' : 'ALLOW',
      })),
    }
  }

  private page(query: URLSearchParams): Schemas['EventsPage'] {
    const cursor = query.get('cursor')
    const asked = cursor ? new URLSearchParams(cursor) : query
    const found = this.events.filter(
      ({ actor, event, outcome, at }) =>
        [asked.get('actor') ?? actor, asked.get('event') ?? event].join() ===
          [actor, event].join() &&
        outcome === (asked.get('outcome') ?? outcome) &&
        at >= (asked.get('from') ?? '') &&
        at < (asked.get('to') ?? '9'),
    )
    const [start, limit] = [Number(asked.get('start') ?? 0), Number(query.get('limit') ?? 100)]
    const next = new URLSearchParams(asked)
    next.set('start', String(start + limit))
    return {
      items: found.slice(start, start + limit),
      pageInfo: start + limit < found.length ? { nextCursor: next.toString() } : {},
    }
  }

  private create(request: Request, { name, administrator }: Schemas['NewAccount']): Response {
    if (this.accounts?.some((account) => account.name === name)) {
      const message = `there is an account \`${name}\` already`
      return refusal(request, 409, 'ConflictError', message, 'invite its owner again')
    }
    this.accounts?.push(account(name, { administrator: administrator ?? false }))
    return this.invite(name)
  }

  private invite(name: string): Response {
    const link = `https://portal.example.com/welcome#secret-of-${name}`
    return Response.json(
      { link, expiresAt: '2026-01-02T00:00:00.000Z' } satisfies Schemas['InvitationLink'],
      { status: 201 },
    )
  }

  private remove(name: string): Response {
    this.accounts = this.accounts?.filter((account) => account.name !== name)
    return new Response(null, { status: 204 })
  }
}

/** An account of the portal. */
export function account(
  name: string,
  more: Partial<Schemas['AccountItem']> = {},
): Schemas['AccountItem'] {
  return {
    name,
    entityRef: `user:default/${name}`,
    hasPassword: false,
    administrator: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    changedAt: '2026-01-01T00:00:00.000Z',
    ...more,
  }
}
