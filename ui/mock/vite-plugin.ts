import { Readable } from 'node:stream'
import type { Plugin } from 'vite'
import { buildCatalog } from './build.ts'
import { MockServer } from './server.ts'

/** Answers `/api/` inside the development server, so that pages can be worked on alone. */
export function mockServer(): Plugin {
  return {
    name: 'callboard-mock-server',
    configureServer({ middlewares }) {
      const server = new MockServer(buildCatalog())
      middlewares.use(async (incoming, outgoing, next) => {
        if (!incoming.url?.startsWith('/api/')) return next()
        const hasBody = incoming.method === 'POST' || incoming.method === 'PUT'
        const body = hasBody ? Readable.toWeb(incoming) : null
        const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
          method: incoming.method ?? 'GET',
          ...(body ? { body: body as BodyInit, duplex: 'half' } : {}),
        })
        const answer = await server.handle(request)
        outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
        if (answer.body) {
          Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]).pipe(outgoing)
        } else outgoing.end()
      })
    },
  }
}
