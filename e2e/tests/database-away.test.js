/** The database goes away and comes back, and nobody has to do anything. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { atEnd, Portal, smallCatalog, until } from '../lib/portal.js'
import { Wire } from '../lib/wire.js'

const server = process.env.CALLBOARD_TEST_POSTGRES
const psql = (sql) => promisify(execFile)('psql', [server, '-q', '-c', sql])

test('while PostgreSQL is away reads go on and say how old they are, and it comes back by itself', {
  skip: !server && 'CALLBOARD_TEST_POSTGRES names no server',
}, async (t) => {
  const name = `callboard_away_${process.pid}`
  await psql(`CREATE DATABASE ${name}`)
  atEnd(t, () => psql(`DROP DATABASE ${name} WITH (FORCE)`))
  const address = new URL(server)
  const wire = await Wire.to(t, { host: address.hostname, port: Number(address.port || 5432) })
  address.host = `127.0.0.1:${wire.port}`
  address.pathname = `/${name}`
  const catalog = await smallCatalog(t)
  const portal = await Portal.start(t, { catalog, database: address.href })
  await portal.ready()
  await portal.holds(14)
  const entity = '/api/catalog/entities/by-name/component/default/tide-table'
  const ask = (path, headers = {}) => fetch(portal.url + path, { headers })
  const fresh = await ask(entity)
  assert.equal(fresh.headers.get('x-callboard-data-age'), null)

  await wire.cut()
  const old = await until('a word about the age', async () => {
    const answer = await ask(entity, { 'if-none-match': fresh.headers.get('etag') })
    // What the browser has is fine, until it has to be told that it may be old.
    return answer.status === 200 && answer.headers.has('x-callboard-data-age') && answer
  })
  assert.ok(Number(old.headers.get('x-callboard-data-age')) >= 5)
  assert.equal(old.headers.get('cache-control'), 'no-store')
  assert.equal((await old.json()).metadata.name, 'tide-table')
  await portal.holds(14)

  const refused = await ask('/api/catalog/history')
  assert.equal(refused.status, 503)
  const { error } = await refused.json()
  assert.equal(error.name, 'ServiceUnavailableError')
  assert.match(error.message, /the database does not answer/)
  assert.ok(error.hint, 'it says what to do')

  const file = join(catalog, 'tides.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('Computes high', 'Computes very high'))
  await wire.join()
  await until('the change that was made meanwhile', async () => {
    const found = await portal.read(entity)
    return found?.metadata.description.startsWith('Computes very high')
  })
  await until('an answer of the moment', async () => {
    const answer = await ask(entity)
    return answer.ok && !answer.headers.has('x-callboard-data-age')
  })
  const history = await portal.read('/api/catalog/history?entityRef=component:tide-table')
  assert.deepEqual(
    history.items.map((event) => event.eventType),
    ['updated', 'created'],
  )
})
