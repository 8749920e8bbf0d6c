/** The database goes away and comes back, and nobody has to do anything. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Portal, smallCatalog, until } from '../lib/portal.js'
import { freshDatabase, noPostgres } from '../lib/postgres.js'
import { Wire } from '../lib/wire.js'

test('while PostgreSQL is away reads go on and say how old they are, and it comes back by itself', {
  skip: noPostgres,
}, async (t) => {
  const address = new URL(await freshDatabase(t))
  const wire = await Wire.to(t, { host: address.hostname, port: Number(address.port || 5432) })
  address.host = `127.0.0.1:${wire.port}`
  const catalog = await smallCatalog(t)
  const portal = await Portal.start(t, { catalog, database: address.href })
  await portal.ready()
  await portal.holds(14)
  const entity = '/api/catalog/entities/by-name/component/default/tide-table'
  const ask = (path, headers = {}) => fetch(portal.url + path, { headers })
  const fresh = await ask(entity)
  assert.equal(fresh.headers.get('x-callboard-data-age'), null)

  await wire.cut()
  const file = join(catalog, 'tides.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('Computes high', 'Computes very high'))
  const old = await until('a word about the age', async () => {
    const answer = await ask(entity, { 'if-none-match': fresh.headers.get('etag') })
    // What the browser has is fine, until it has to be told that it may be old.
    return answer.status === 200 && answer.headers.has('x-callboard-data-age') && answer
  })
  assert.ok(Number(old.headers.get('x-callboard-data-age')) >= 5)
  assert.equal(old.headers.get('cache-control'), 'no-store')
  assert.equal((await old.json()).metadata.name, 'tide-table')
  await portal.holds(14)

  const told = async (answer) => {
    assert.equal(answer.status, 503)
    const { error } = await answer.json()
    assert.equal(error.name, 'ServiceUnavailableError')
    assert.match(error.message, /the database does not answer/)
    assert.ok(error.hint, 'it says what to do')
  }
  const location = { type: 'url', target: 'https://example.com/catalog-info.yaml' }
  const write = (path, body) =>
    fetch(portal.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  // Each of them waits for the database as long as it may, and so does what tells of the changed file.
  const answers = await Promise.all([
    ask('/api/catalog/history'),
    write('/api/catalog/locations', location),
    write('/api/catalog/refresh', { entityRef: 'component:default/tide-table' }),
  ])
  for (const answer of answers) await told(answer)
  await until('word that the change could not be told', () =>
    portal.output.includes('telling of changed files pauses'),
  )

  await wire.join()
  await until('the change that was made meanwhile', async () => {
    const found = await portal.read(entity)
    return found?.metadata.description.startsWith('Computes very high')
  })
  await until('an answer of the moment', async () => {
    const answer = await ask(entity)
    return answer.ok && !answer.headers.has('x-callboard-data-age')
  })
  // What was refused did not happen.
  assert.deepEqual(await portal.read('/api/catalog/locations'), [])
  const history = await portal.read('/api/catalog/history?entityRef=component:tide-table')
  assert.deepEqual(
    history.items.map((event) => event.eventType),
    ['updated', 'created'],
  )
})
