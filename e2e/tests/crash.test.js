/** Killed at any moment of its first hour, the portal comes back with the whole catalog. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chances } from '../lib/chance.js'
import { Portal, temporaryFolder } from '../lib/portal.js'
import { served } from '../lib/served.js'

const KILLS = 50
/** Kills in a row on the same data, before it is left in peace and looked at. */
const IN_A_ROW = 5
const COMPONENTS = 1_400
const ENTITIES = 2_500
const SEED = Number(process.env.CALLBOARD_TEST_SEED ?? 20_261_122)

/** Waits until all entities are there and no relation is on its way. */
async function settled(portal) {
  await portal.ready()
  await portal.holds(ENTITIES)
  return await served(portal)
}

test(`killed at ${KILLS} random moments of ingestion`, async (t) => {
  const folder = await temporaryFolder(t)
  const generated = join(folder, 'generated')
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const arguments_ = [
    'xtask',
    'gen-catalog',
    '--components',
    String(COMPONENTS),
    '--out',
    generated,
  ]
  await promisify(execFile)('cargo', arguments_, { cwd: root })
  const catalog = join(generated, 'catalog')

  const undisturbed = await Portal.start(t, {
    folder,
    catalog,
    database: join(folder, 'undisturbed'),
  })
  const started = performance.now()
  const expected = await settled(undisturbed)
  const ingestion = performance.now() - started
  await undisturbed.stop()
  t.diagnostic(`undisturbed ingestion took ${Math.round(ingestion)} ms; the seed is ${SEED}`)

  const chance = chances(SEED)
  const database = join(folder, 'killed')
  for (let kill = 1; kill <= KILLS; kill++) {
    const portal = await Portal.start(t, { folder, catalog, database })
    // The moment is the point of the test: anywhere between the start and the last entity.
    await Promise.race([pause(chance() * ingestion), portal.ended])
    assert.ok(portal.running, `the portal ended by itself:\n${portal.output}`)
    assert.equal((await portal.stop('SIGKILL')).signal, 'SIGKILL')

    if (kill % IN_A_ROW === 0) {
      const survivor = await Portal.start(t, { folder, catalog, database })
      assert.deepEqual(await settled(survivor), expected, `after kill ${kill}`)
      assert.deepEqual(await survivor.stop(), { code: 0, signal: null })
      await rm(database, { recursive: true })
    }
  }
})
