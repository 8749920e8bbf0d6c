import type { components } from '../src/api/schema'
import { refusal } from './refusal.ts'
import { PLUGINS, RULES } from './role-book.ts'

type Schemas = components['schemas']
type Answer = Response | undefined

/** A condition as requests and answers have it. */
export interface BookedCondition {
  id: number
  roleEntityRef: string
  pluginId: string
  resourceType: string
  permissionMapping: unknown[]
  conditions: unknown
}

const json = (body: unknown, status = 200) => Response.json(body, { status })
const empty = (status: number) => new Response(null, { status })
const same = (one: Schemas['WrittenPolicy'], two: Schemas['WrittenPolicy']) =>
  one.permission === two.permission && one.policy === two.policy && one.effect === two.effect

/** Who may do what: roles with what they say, which are not enabled at first. */
export class RoleBook {
  isEnabled = false
  roles: Schemas['WrittenRole'][] = []
  policies: Schemas['WrittenPolicy'][] = []
  conditions: BookedCondition[] = []
  /** What was changed, as `METHOD /path`, the oldest first. */
  readonly changes: string[] = []
  /** Refuses requests whose `METHOD /path` begins like this. */
  readonly refused = new Map<string, { status: number; message: string; hint?: string }>()
  /** What roles were tried out. */
  readonly tried: Schemas['TryRequest'][] = []
  trial: Schemas['Trial'] = { user: '', reads: [], changes: [] }
  explain: (asked: Schemas['ExplainRequest']) => object = ({ user, permission }) => ({
    user: user ?? 'user:default/ada',
    permission,
    action: 'read',
    decision: 'DENY',
    why: 'no role that they have says anything about this',
    roles: [],
    grounds: [],
  })

  /** Answers what is about roles; nothing otherwise. */
  async answer(request: Request): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url)
    const [, path] = /^\/api\/permission(\/.*)$/.exec(pathname) ?? []
    if (path === undefined) return undefined
    if (!this.isEnabled) {
      return refusal(request, 404, 'NotFoundError', 'roles are not enabled')
    }
    const asked = `${request.method} ${path}`
    if (request.method !== 'GET' && !/explain|try/.test(path)) this.changes.push(asked)
    for (const [start, { status, message, hint }] of this.refused) {
      if (asked.startsWith(start)) return refusal(request, status, 'Error', message, hint)
    }
    const body: unknown = await request.json().catch(() => null)
    return (
      this.read(asked, searchParams) ??
      this.write(request, asked, body) ??
      refusal(request, 404, 'NotFoundError', `no operation at ${path}`)
    )
  }

  private read(asked: string, query: URLSearchParams): Answer {
    const [role, ofRole] = [query.get('entityRef'), query.get('roleEntityRef')]
    switch (asked) {
      case 'GET /':
        return json({ status: 'Authorized' })
      case 'GET /roles':
        return json(this.roles)
      case 'GET /policies':
        return json(
          this.policies.filter(
            ({ entityReference }) => (role ?? entityReference) === entityReference,
          ),
        )
      case 'GET /roles/conditions':
        return json(
          this.conditions.filter(
            ({ roleEntityRef }) => (ofRole ?? roleEntityRef) === roleEntityRef,
          ),
        )
      case 'GET /plugins/policies':
        return json(PLUGINS)
      case 'GET /plugins/condition-rules':
        return json(RULES)
      default:
        return undefined
    }
  }

  private write(request: Request, asked: string, body: unknown): Answer {
    const [, verb, kind, namespace, name] =
      /^(\w+) \/(?:roles|policies)\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(asked) ?? []
    const role = name && `${kind}:${namespace}/${decodeURIComponent(name)}`
    if (asked === 'POST /explain') return json(this.explain(body as Schemas['ExplainRequest']))
    if (asked === 'POST /try') {
      const tried = body as Schemas['TryRequest']
      this.tried.push(tried)
      return json({ ...this.trial, user: tried.user })
    }
    if (asked === 'POST /roles') return this.create(request, body as Schemas['WrittenRole'])
    if (asked === 'POST /policies') {
      this.policies.push(...(body as Schemas['WrittenPolicy'][]))
      return empty(201)
    }
    if (asked.includes('/roles/conditions')) return this.condition(asked, body)
    if (!role) return undefined
    if (asked.includes(' /policies/')) {
      const gone = body as Schemas['WrittenPolicy'][]
      this.policies = this.policies.filter(
        (one) => one.entityReference !== role || !gone.some((other) => same(one, other)),
      )
      return empty(204)
    }
    if (verb === 'GET') {
      const found = this.roles.filter((one) => one.name === role)
      const missing = `there is no role \`${role}\``
      return found.length > 0 ? json(found) : refusal(request, 404, 'NotFoundError', missing)
    }
    if (verb === 'PUT') return this.change(role, (body as Schemas['RoleChange']).newRole)
    this.roles = this.roles.filter((one) => one.name !== role)
    return empty(204)
  }

  private create(request: Request, role: Schemas['WrittenRole']): Response {
    if (this.roles.some(({ name }) => name === role.name)) {
      const message = `the role \`${role.name}\` is there already`
      return refusal(request, 409, 'ConflictError', message)
    }
    this.roles.push(bookedRole(role.name ?? '', 'rest', role))
    return empty(201)
  }

  private change(name: string, next: Schemas['WrittenRole']): Response {
    this.roles = this.roles.map((role) =>
      role.name === name ? bookedRole(next.name ?? name, 'rest', next) : role,
    )
    return empty(200)
  }

  private condition(asked: string, body: unknown): Response {
    const id = Number(asked.split('/').at(-1))
    const next = body as BookedCondition
    if (asked.startsWith('POST')) {
      this.conditions.push({ ...next, id: this.conditions.length + 1 })
      return json({ id: this.conditions.length }, 201)
    }
    this.conditions = this.conditions.flatMap((one) => {
      if (one.id !== id) return [one]
      return asked.startsWith('PUT') ? [{ ...next, id }] : []
    })
    return empty(asked.startsWith('PUT') ? 200 : 204)
  }
}

/** A role from a source. */
export function bookedRole(
  name: string,
  source: Schemas['Source'],
  more: Pick<Schemas['WrittenRole'], 'memberReferences' | 'metadata'> = {},
): Schemas['WrittenRole'] {
  return {
    name,
    memberReferences: more.memberReferences ?? [],
    metadata: {
      owner: null,
      author: null,
      modifiedBy: null,
      createdAt: null,
      lastModified: null,
      isDefault: false,
      description: null,
      ...more.metadata,
      source,
    },
  }
}

const found = (items: string[] = [], total = items.length) => ({ total, items })

/** What somebody could read of the things of a type: how many now and then. */
export function triedRead(
  resourceType: string,
  [now, next]: [number, number],
  { gained, lost }: { gained?: string[]; lost?: string[] },
): Schemas['TriedRead'] {
  return {
    resourceType,
    permission: `${resourceType.replace('-', '.')}.read`,
    now,
    // biome-ignore lint/suspicious/noThenProperty: the API calls it so, and nobody awaits it
    then: found([], next),
    gained: found(gained),
    lost: found(lost),
  }
}

/** A permission that is decided otherwise. */
export const triedChange = (
  permission: string,
  now: string,
  next: string,
): Schemas['TriedChange'] => ({
  permission,
  now,
  // biome-ignore lint/suspicious/noThenProperty: as above
  then: next,
})
