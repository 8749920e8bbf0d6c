import type { components } from '../src/api/schema'
import { refusal } from './refusal.ts'

type Schemas = components['schemas']

/** Keeps what people keep for themselves: by person, then by bucket and key. */
export class Lockers {
  /** What is kept, as `PERSON BUCKET KEY`. */
  readonly kept = new Map<string, unknown>()
  /** Whether nothing can be kept any more. */
  full = false

  /** Answers what is about settings of `person`; nobody has none. */
  async answer(path: string, request: Request, person: string | undefined): Promise<Response> {
    if (!person) {
      return refusal(request, 403, 'NotAllowedError', 'only people have settings')
    }
    const body: unknown = request.method === 'GET' ? null : await request.json().catch(() => null)
    if (path === '/multiget') return this.many(person, body as Schemas['WantedSettings'])
    const [, bucket = '', key = ''] =
      path.match(/^\/buckets\/([^/]+)\/keys\/(.+)$/)?.map(decodeURIComponent) ?? []
    const place = `${person} ${bucket} ${key}`
    if (request.method === 'PUT') {
      if (this.full) {
        const message = 'you have 1000 settings, which is as many as there may be'
        return refusal(request, 409, 'ConflictError', message, 'remove one that you do not need')
      }
      const { value } = body as Schemas['NewValue']
      this.kept.set(place, value)
      return Response.json({ bucket, key, value } satisfies Schemas['Setting'])
    }
    if (request.method === 'DELETE') {
      this.kept.delete(place)
      return new Response(null, { status: 204 })
    }
    if (!this.kept.has(place)) {
      return refusal(request, 404, 'NotFoundError', `Unable to find '${key}' in bucket '${bucket}'`)
    }
    return Response.json({ bucket, key, value: this.kept.get(place) } satisfies Schemas['Setting'])
  }

  private many(person: string, { items }: Schemas['WantedSettings']): Response {
    const found = items.map(({ bucket, key }) => {
      const place = `${person} ${bucket} ${key}`
      return this.kept.has(place) ? { value: this.kept.get(place) } : null
    })
    return Response.json({ items: found } satisfies Schemas['SettingValues'])
  }
}
