import type { Entity } from '../src/api/entity'
import { printRef, refOf } from '../src/api/ref.ts'
import type { components } from '../src/api/schema'
import { FrontDesk } from './front-desk.ts'
import { Lockers } from './lockers.ts'
import { Office } from './office.ts'
import { satisfies } from './predicate.ts'
import { contains, facet, matches, ordered } from './query.ts'
import { refusal } from './refusal.ts'
import { RoleBook } from './roles.ts'

type Schemas = components['schemas']

const json = (body: unknown, status = 200) => Response.json(body, { status })

const counted = (found: readonly Entity[], names: readonly string[]): Schemas['Facets'] => ({
  facets: Object.fromEntries(names.map((name) => [name, facet(found, name)])),
})

/** Some of what was found, and where it goes on. */
const part = (found: readonly Entity[], from: number, limit: number): Schemas['EntityPage'] => ({
  items: found.slice(from, from + limit),
  totalItems: found.length,
  pageInfo: {
    ...(from + limit < found.length && limit > 0 ? { nextCursor: `at-${from + limit}` } : {}),
    ...(from > 0 ? { prevCursor: `at-${Math.max(0, from - limit)}` } : {}),
  },
})

/** A server over a list of entities, for tests and for work on pages without the real one. */
export class MockServer {
  entities: Entity[]
  revision = 1
  /** What happened, the newest first. */
  history: Schemas['HistoryEvent'][] = []
  /** How many seconds old the data is, while the database is away. */
  dataAge: number | undefined
  /** Who may come in: nobody has to sign in without it. */
  readonly door = new FrontDesk()
  /** What administrators look at. */
  readonly office = new Office()
  /** Who may do what. */
  readonly roles = new RoleBook()
  /** What people keep for themselves. */
  readonly lockers = new Lockers()
  /** Requests so far, as `METHOD /path?query`, oldest first. */
  readonly log: string[] = []
  /** Where tests hear of changes, since they have no server-sent events. */
  readonly changes = new EventTarget()
  private readonly streams = new Set<ReadableStreamDefaultController<Uint8Array>>()

  constructor(entities: Entity[]) {
    this.entities = entities
  }

  /** Replaces the catalog and tells everyone who listens. */
  change(entities: Entity[]): void {
    this.entities = entities
    this.revision += 1
    for (const stream of this.streams) stream.enqueue(this.event())
    this.changes.dispatchEvent(new Event('change'))
  }

  /** Answers one request. */
  async handle(request: Request): Promise<Response> {
    const response = await this.answer(request)
    if (this.dataAge !== undefined) {
      response.headers.set('x-callboard-data-age', String(this.dataAge))
    }
    return response
  }

  private async answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    this.log.push(`${request.method} ${url.pathname}${url.search}`)
    const administration = await this.office.answer(request)
    if (administration) return administration
    const roles = await this.roles.answer(request)
    if (roles) return roles
    const [, desk] = /\/api\/auth(\/.*)$/.exec(url.pathname) ?? []
    if (desk) return this.door.answer(desk, request)
    if (this.door.isClosed()) {
      return refusal(request, 401, 'AuthenticationError', 'Missing credentials')
    }
    const [, locker] = /\/api\/user-settings(\/.*)$/.exec(url.pathname) ?? []
    if (locker) return this.lockers.answer(locker, request, this.door.user?.entityRef)
    const path = url.pathname.slice(url.pathname.indexOf('/api/catalog') + '/api/catalog'.length)
    if (path === '/revision') return json({ revision: this.revision } satisfies Schemas['Revision'])
    if (path === '/revision/stream') return this.stream()
    if (path === '/history') return json(this.events(url.searchParams))
    if (path === '/entities/by-query') {
      if (request.method !== 'POST') return json(this.page(url.searchParams))
      return json(this.pageOf((await request.json()) as Schemas['EntityQuery']))
    }
    if (path === '/entity-facets') {
      if (request.method !== 'POST') return json(this.facets(url.searchParams))
      const { facets, query } = (await request.json()) as Schemas['FacetsQuery']
      const found = this.entities.filter((entity) => satisfies(entity, query))
      return json(counted(found, facets ?? []))
    }
    if (path === '/entities/by-refs') {
      const { entityRefs } = (await request.json()) as Schemas['ByRefs']
      const items = entityRefs.map((ref) => this.find(ref) ?? null)
      return json({ items } satisfies Schemas['ByRefsAnswer'])
    }
    const [, kind, namespace, name] = path.match(/^\/entities\/by-name\/(.+)\/(.+)\/(.+)$/) ?? []
    if (kind && namespace && name) {
      const ref = { kind, namespace, name: decodeURIComponent(name) }
      const entity = this.find(printRef(ref))
      if (entity) return json(entity)
      const message = `No entity named '${ref.name}' found, with kind '${kind}' in namespace '${namespace}'`
      return refusal(request, 404, 'NotFoundError', message)
    }
    return refusal(request, 404, 'NotFoundError', `no operation at ${url.pathname}`)
  }

  private find(ref: string): Entity | undefined {
    return this.entities.find((entity) => printRef(refOf(entity)) === ref.toLowerCase())
  }

  private page(query: URLSearchParams): Schemas['EntityPage'] {
    const term = query.get('fullTextFilterTerm')
    const fields = query.getAll('fullTextFilterFields').flatMap((list) => list.split(','))
    const found = ordered(
      this.entities
        .filter((entity) => matches(entity, query.getAll('filter')))
        .filter((entity) => !term || contains(entity, term, fields)),
      query.get('orderField') ?? undefined,
    )
    const from = Number(query.get('cursor')?.replace('at-', '') ?? query.get('offset') ?? 0)
    return part(found, from, Number(query.get('limit') ?? 200))
  }

  private pageOf({ query, limit, offset, orderBy, fullTextFilter }: Schemas['EntityQuery']) {
    const { term, fields } = fullTextFilter ?? {}
    const found = this.entities
      .filter((entity) => satisfies(entity, query))
      .filter((entity) => !term || contains(entity, term, fields ?? []))
    const [order] = orderBy ?? []
    const sorted = ordered(found, order && `${order.field},${order.order ?? 'asc'}`)
    return part(sorted, offset ?? 0, limit ?? 200)
  }

  private events(query: URLSearchParams): Schemas['HistoryPage'] {
    const [start, ref] = query.get('cursor')?.split(' ') ?? ['0', query.get('entityRef')]
    const found = this.history.filter((event) => event.entityRef === ref)
    const [from, limit] = [Number(start), Number(query.get('limit') ?? 100)]
    const more = from + limit < found.length
    return {
      items: found.slice(from, from + limit),
      pageInfo: more ? { nextCursor: `${from + limit} ${ref}` } : {},
    }
  }

  private facets(query: URLSearchParams): Schemas['Facets'] {
    const found = this.entities.filter((entity) => matches(entity, query.getAll('filter')))
    return counted(found, query.getAll('facet'))
  }

  private event(): Uint8Array {
    const text = `event: revision\ndata: {"revision":${this.revision}}\n\n`
    return new TextEncoder().encode(text)
  }

  private stream(): Response {
    let own: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller
        this.streams.add(own)
        own.enqueue(this.event())
      },
      cancel: () => {
        this.streams.delete(own)
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}
