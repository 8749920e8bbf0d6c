/** Several portals on one PostgreSQL, whatever happens to them, come to what one portal makes of the same files. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect, isDeepStrictEqual } from 'node:util'
import { chances, oneOf } from '../lib/chance.js'
import { Churn } from '../lib/churn.js'
import { Portal, smallCatalog, temporaryFolder, until } from '../lib/portal.js'
import { freshDatabase, noPostgres, psql } from '../lib/postgres.js'
import { anywhere, refOf, relationsOf, served, texts } from '../lib/served.js'

const SEED = Number(process.env.CALLBOARD_TEST_SEED ?? 20_261_127)
const KILLS = 10
/** The longest time after its start at which a portal is killed: long before and long after it is ready. */
const LIFE_MS = 1_500
/** Others take over from a process that died after 20 seconds at the latest. */
const PATIENCE_MS = 60_000

/** Replicas over `catalog` that start together. */
async function replicas(t, count, catalog) {
  const database = await freshDatabase(t)
  const start = () => Portal.start(t, { catalog, database })
  return await Promise.all(Array.from({ length: count }, start))
}

/** Everything that a portal tells about where entities come from, by reference. */
async function ancestry(portal, entities) {
  const answers = entities.map(async (entity) => {
    const path = refOf(entity).replace(':', '/')
    const found = await portal.read(`/api/catalog/entities/by-name/${path}/ancestry`)
    const items = (found?.items ?? []).map((item) => ({ ...item, entity: anywhere(item.entity) }))
    return [refOf(entity), { ...found, items }]
  })
  return Object.fromEntries(await Promise.all(answers))
}

/** What one portal makes of the files from nothing. */
async function fromScratch(t, churn) {
  const catalog = churn.folder
  const portal = await Portal.start(t, { catalog, database: await freshDatabase(t) })
  await portal.ready()
  const entities = await until('the relations that follow from the files', async () => {
    const found = await portal.read('/api/catalog/entities')
    const refs = found.map(refOf).filter((ref) => !ref.includes('/generated-'))
    const complete = isDeepStrictEqual(refs.sort(), churn.references())
    const described = found.every(
      ({ kind, metadata }) => kind !== 'Component' || metadata.description,
    )
    const related = isDeepStrictEqual(relationsOf(found), churn.relations())
    return complete && described && related && found
  })
  const expected = { served: await served(portal), ancestry: await ancestry(portal, entities) }
  await portal.stop()
  return expected
}

/** The replica comes to what is expected. */
async function comesTo(portal, expected) {
  await portal.ready()
  let entities = []
  const complete = async () => {
    entities = (await portal.read('/api/catalog/entities')) ?? []
    return isDeepStrictEqual(texts(entities), expected.served)
  }
  await until('everything', complete, PATIENCE_MS).catch((error) => {
    const seen = texts(entities)
    const missing = expected.served.filter((text) => !seen.includes(text))
    const wrong = seen.filter((text) => !expected.served.includes(text))
    const differences = { missing: missing.slice(0, 3), wrong: wrong.slice(0, 3) }
    throw new Error(`${error.message}; the seed is ${SEED}\n${inspect(differences)}`)
  })
  assert.deepEqual(await ancestry(portal, entities), expected.ancestry)
}

const DUE = `SELECT (SELECT count(*) FROM catalog_to_process) + (SELECT count(*) FROM catalog_to_stitch)
  + (SELECT count(*) FROM catalog_reads WHERE requested > done)
  + (SELECT count(*) FROM catalog_documents WHERE requested > done)`

/** All of `portals` answer the same to the last byte, ids and versions included. */
async function agree(portals) {
  await until('nothing to be due', async () => (await psql(portals[0].database, DUE)) === '0')
  await until('all replicas to answer the same', async () => {
    const answers = portals.map((portal) => portal.read('/api/catalog/entities'))
    const [first, ...others] = await Promise.all(answers)
    return others.every((other) => isDeepStrictEqual(other, first))
  })
}

/** Kills a portal at some moment of its life, or starts it if it is dead. */
async function disturb(portal, chance) {
  if (!portal.running) return await portal.launch()
  // The moment is the point of the test.
  await Promise.race([pause(chance() * LIFE_MS), portal.ended])
  assert.ok(portal.running, `the portal ended by itself:\n${portal.output}`)
  await portal.stop('SIGKILL')
}

/** Replicas that die and start again while files change, and the files. */
async function disturbed(t, count, seed) {
  const chance = chances(seed)
  const churn = await Churn.in(join(await temporaryFolder(t), 'catalog'), chances(-seed))
  const all = await replicas(t, count, churn.folder)
  let kills = 0
  const dying = async () => {
    while (kills < KILLS) {
      const portal = oneOf(chance, all)
      kills += portal.running ? 1 : 0
      await disturb(portal, chance)
    }
  }
  const changing = async () => {
    let changes = 0
    for (; kills < KILLS; changes++) {
      await churn.change()
      // As fast as somebody looks at what came of it.
      await oneOf(chance, all).read('/api/catalog/entities')
    }
    return changes
  }
  const [changes] = await Promise.all([changing(), dying()])
  t.diagnostic(`${changes} changes, ${kills} kills; the seed is ${SEED}`)
  return { churn, all }
}

test('two replicas, of which any may die, come to what one makes of the files', {
  skip: noPostgres,
}, async (t) => {
  const { churn, all } = await disturbed(t, 2, SEED)
  for (const portal of all.filter((portal) => !portal.running)) await portal.launch()
  const expected = await fromScratch(t, churn)
  for (const portal of all) await comesTo(portal, expected)
  await agree(all)
})

test('three replicas, of which any may die and one stays dead, come to what one makes of the files', {
  skip: noPostgres,
}, async (t) => {
  const { churn, all } = await disturbed(t, 3, SEED + 1)
  for (const portal of all.filter((portal) => !portal.running)) await portal.launch()
  // Each file is watched by the replica that read it last, so each of them may be the one that others have to replace.
  const before = await fromScratch(t, churn)
  for (const portal of all) await comesTo(portal, before)
  const [dead, ...staying] = all
  await dead.stop('SIGKILL')
  for (let change = 0; change < 20; change++) await churn.change()
  const expected = await fromScratch(t, churn)
  for (const portal of staying) await comesTo(portal, expected)
  await agree(staying)
})

test('a replica that only reads follows the others and processes nothing', {
  skip: noPostgres,
}, async (t) => {
  const catalog = await smallCatalog(t)
  const database = await freshDatabase(t)
  const settings = { 'catalog.processingInterval': false }
  const reading = await Portal.start(t, { catalog, database, settings })
  await reading.ready()
  const working = await Portal.start(t, { catalog, database })
  await working.ready()
  await reading.holds(14)

  const file = join(catalog, 'tides.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('Computes high', 'Computes very high'))
  await until('the change', async () => {
    const entity = await reading.read('/api/catalog/entities/by-name/component/default/tide-table')
    return entity?.metadata.description.startsWith('Computes very high')
  })
  await agree([reading, working])
  const counted = async (portal) => {
    const answer = await fetch(`${portal.url}/metrics`)
    return /^catalog_processed_entities_count/m.test(await answer.text())
  }
  assert.deepEqual([await counted(reading), await counted(working)], [false, true])
  const claims = (portal) => psql(portal.database, 'SELECT count(*) FROM catalog_claims')
  const before = await claims(reading)
  await working.stop()
  assert.equal(await claims(reading), before)
  await reading.holds(14)
})
