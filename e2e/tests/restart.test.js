/** What people told the portal is there after a restart. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { Portal, until } from '../lib/portal.js'
import { freshDatabase, noPostgres } from '../lib/postgres.js'

const PATH = '/api/catalog/entities/by-name/component/default/ferry'

const ferry = (description) =>
  JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'ferry', description },
    spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
  })

const DATABASES = [
  { name: 'SQLite', skip: false, make: () => undefined },
  { name: 'PostgreSQL', skip: noPostgres, make: freshDatabase },
]

for (const { name, skip, make } of DATABASES) {
  test(`a location that somebody registers outlives the process, on ${name}`, {
    skip,
  }, async (t) => {
    let text = ferry('Crosses the river.')
    const host = createServer((_, answer) => answer.end(text)).listen(0, '127.0.0.1')
    await once(host, 'listening')
    t.after(() => host.close())
    const address = `127.0.0.1:${host.address().port}`
    const settings = {
      'backend.reading': { allow: [{ host: address }] },
      'catalog.processingInterval': { seconds: 1 },
    }
    const portal = await Portal.start(t, { database: await make(t), settings })
    await portal.ready()
    const target = `http://${address}/catalog-info.yaml`
    const answer = await fetch(`${portal.url}/api/catalog/locations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'url', target }),
    })
    assert.equal(answer.status, 201)
    const { location } = await answer.json()
    const before = await until('its entity', () => portal.read(PATH))

    for (const signal of ['SIGTERM', 'SIGKILL']) {
      await portal.stop(signal)
      await portal.launch()
      await portal.ready()
      assert.deepEqual(await portal.read(`/api/catalog/locations/${location.id}`), location)
      const after = await portal.read(PATH)
      assert.equal(after.metadata.uid, before.metadata.uid)
    }

    text = ferry('Crosses the river twice.')
    await until('what its source says now', async () => {
      const entity = await portal.read(PATH)
      return entity?.metadata.description === 'Crosses the river twice.'
    })
  })
}
