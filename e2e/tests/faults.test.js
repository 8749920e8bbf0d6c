/** What goes wrong on a machine ends in one clear sentence, and damages nothing. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { Disk, damage, noDisk, sql, sqliteFiles } from '../lib/disk.js'
import { Portal, smallCatalog, temporaryFolder, until } from '../lib/portal.js'

const digest = async (path) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')

/** A portal that has loaded the small catalog and was stopped again. */
async function stopped(t, options = {}) {
  const portal = await Portal.start(t, {
    catalog: await smallCatalog(t),
    ...options,
  })
  await portal.ready()
  await portal.holds(14)
  assert.deepEqual(await portal.stop(), { code: 0, signal: null })
  const [file] = await sqliteFiles(portal.database)
  assert.ok(file, `no SQLite file in ${portal.database}`)
  return { portal, file }
}

/** The portal refuses to start, and says why in one line that begins with `error`. */
async function refuses(portal, why) {
  portal.output = ''
  await portal.launch()
  const { code } = await portal.ended
  const lines = portal.output.split('\n').filter((line) => /^error\b/i.test(line))
  assert.notEqual(code, 0, `it ended well:\n${portal.output}`)
  assert.equal(lines.length, 1, `not one error:\n${portal.output}`)
  assert.match(lines[0], why)
  assert.doesNotMatch(portal.output, /panicked|stack backtrace/)
}

/** The portal starts again with everything it had. */
async function startsAgain(portal) {
  await portal.launch()
  await portal.ready()
  await portal.holds(14)
  await portal.stop()
}

test('a port in use is named', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address()
  const portal = new Portal({ folder: await temporaryFolder(t), port })
  await refuses(portal, new RegExp(`\\b${port}\\b.*in use`))
})

test('a database from a newer version is left as it is', async (t) => {
  const { portal, file } = await stopped(t)
  const tables = await sql(file, "SELECT name FROM sqlite_master WHERE name LIKE '%_migrations'")
  const [table] = tables.split('\n')
  await sql(
    file,
    `INSERT INTO ${table} (version, description, success, checksum, execution_time)
     VALUES (9999, 'from the future', TRUE, x'00', 0); PRAGMA wal_checkpoint(TRUNCATE)`,
  )
  const before = await digest(file)
  await refuses(portal, /newer version/)
  assert.equal(await digest(file), before)

  await sql(file, `DELETE FROM ${table} WHERE version = 9999`)
  await startsAgain(portal)
})

test('a file that is no database is left as it is', async (t) => {
  const { portal, file } = await stopped(t)
  await damage(file)
  const before = await digest(file)
  await refuses(portal, /damaged|not a database/)
  assert.equal(await digest(file), before)
})

test('a read-only database file is named, and works when it may be written again', {
  skip: process.getuid?.() === 0 && 'root may write to any file; the locked disk below is for root',
}, async (t) => {
  const { portal, file } = await stopped(t)
  await chmod(file, 0o444)
  await refuses(portal, /cannot be written|read-only/)
  await chmod(file, 0o644)
  await startsAgain(portal)
})

test('a database on a disk that is locked', { skip: noDisk }, async (t) => {
  const disk = await Disk.mount(t, 16)
  const { portal } = await stopped(t, { database: join(disk.folder, 'data') })
  await disk.lock()
  await refuses(portal, /cannot be (written|opened)|read-only/)
})

test('a full disk at the first start', { skip: noDisk }, async (t) => {
  const disk = await Disk.mount(t, 16)
  await disk.fill()
  const folder = await temporaryFolder(t)
  const portal = new Portal({
    folder,
    port: 0,
    catalog: await smallCatalog(t),
    database: join(disk.folder, 'data'),
  })
  await refuses(portal, /disk is full|no space left/i)
})

test('a disk that fills up later takes nothing away', {
  skip: noDisk,
}, async (t) => {
  const disk = await Disk.mount(t, 16)
  const catalog = await smallCatalog(t)
  const database = join(disk.folder, 'data')
  const portal = await Portal.start(t, { catalog, database })
  await portal.ready()
  await portal.holds(14)

  await disk.fill()
  const file = join(catalog, 'tides.yaml')
  const text = await readFile(file, 'utf8')
  const long = 'Knows the water by heart. '.repeat(40_000)
  await writeFile(file, text.replace('Computes high and low water.', long.trim()))
  await until('word of the full disk', () => /disk is full|no space left/i.test(portal.output))
  await portal.holds(14)
  await portal.stop()

  await disk.free()
  await writeFile(file, text.replace('Computes high', 'Computes very high'))
  await portal.launch()
  await portal.ready()
  await until('the change', async () => {
    const entity = await portal.read('/api/catalog/entities/by-name/component/default/tide-table')
    return entity?.metadata.description.startsWith('Computes very high')
  })
  await portal.holds(14)
})

test('asked to end, it ends well, and everything is there at the next start', async (t) => {
  const { portal } = await stopped(t)
  await startsAgain(portal)
})
