/** What a person does in the browser: find an entity, read it, and see it follow its file. */
import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openBrowser } from '../lib/browser.js'
import { Portal, smallCatalog } from '../lib/portal.js'

/** A saved file shows within this many milliseconds. */
const AT_ONCE = 1_000

describe('the catalog in a browser', () => {
  let browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  /** A page on a fresh portal over a copy of the small catalog. */
  async function open(t, path) {
    const catalog = await smallCatalog(t)
    const portal = await Portal.start(t, { catalog })
    await portal.ready()
    await portal.holds(14)
    const page = await browser.newPage({ baseURL: portal.url })
    t.after(() => page.close())
    await page.goto(path)
    return { catalog, page, portal }
  }

  const row = (page, name) => page.getByRole('row', { name: new RegExp(name) })
  const link = (page, name) => page.getByRole('table').getByRole('link', { name, exact: true })

  test('filters narrow the table and live in the address', async (t) => {
    const { page } = await open(t, '/catalog')
    await row(page, 'Tide Table').waitFor()

    await page.getByRole('combobox', { name: 'Kind: any' }).click()
    await page.getByRole('option', { name: /^Components/ }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('status').filter({ hasText: '4 entities' }).waitFor()

    await page.getByRole('combobox', { name: 'Lifecycle: any' }).click()
    await page.getByRole('option', { name: /^production/ }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('status').filter({ hasText: '2 entities' }).waitFor()
    await row(page, 'Berth Planner').waitFor()
    await row(page, 'Tide Bell').waitFor({ state: 'detached' })

    await page.reload()
    await page.getByRole('status').filter({ hasText: '2 entities' }).waitFor()
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await row(page, 'Tide Bell').waitFor()
  })

  test('the text filter finds by name and description, and the keyboard opens what it finds', async (t) => {
    const { page } = await open(t, '/catalog')
    await row(page, 'Tide Table').waitFor()

    await page.keyboard.press('/')
    await page.keyboard.type('high and low')
    await row(page, 'Berth Planner').waitFor({ state: 'detached' })
    await row(page, 'Tide Table').waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Tide Table' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/catalog/default/component/tide-table')
  })

  test('arrow keys move between the rows', async (t) => {
    const { page } = await open(t, '/catalog?kind=component')
    await link(page, 'Berth Board').focus()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Berth Planner')
    await page.keyboard.press('End')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Tide Table')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Tide Table' }).waitFor()
  })

  test('an entity leads to those it has to do with, in both directions', async (t) => {
    const { page } = await open(t, '/catalog/default/component/tide-table')
    await page.getByRole('heading', { level: 1, name: 'Tide Table' }).waitFor()
    await page
      .getByRole('main')
      .getByRole('link', { name: /tide-api/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'tide-api' }).waitFor()
    await page
      .getByRole('main')
      .getByRole('link', { name: /Berth Planner/ })
      .first()
      .click()
    await page.getByRole('heading', { level: 1, name: 'Berth Planner' }).waitFor()
  })

  test('the YAML view shows the entity as it is served', async (t) => {
    const { page } = await open(t, '/catalog/default/component/tide-bell')
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('link', { name: 'YAML' })
      .click()
    const text = page.getByRole('main').getByText('Rings when the water turns.').last()
    await text.waitFor()
    assert.equal(new URL(page.url()).pathname, '/catalog/default/component/tide-bell/yaml')
  })

  test('a saved file shows within a second, without a reload', async (t) => {
    const { catalog, page } = await open(t, '/catalog/default/component/tide-table')
    await page.getByText('Computes high and low water.').waitFor()
    await page.getByText('Live', { exact: false }).first().waitFor()
    const file = join(catalog, 'tides.yaml')
    const text = await readFile(file, 'utf8')

    const saved = performance.now()
    await writeFile(file, text.replace('Computes high and low water.', 'Knows the water by heart.'))
    await page.getByText('Knows the water by heart.').waitFor({ timeout: 10_000 })
    const took = Math.round(performance.now() - saved)

    t.diagnostic(`the change showed after ${took} ms`)
    assert.ok(took <= AT_ONCE, `the change showed after ${took} ms`)
  })

  test('a broken file keeps the last good entity and says where the error is', async (t) => {
    const { catalog, page } = await open(t, '/catalog/default/component/tide-table')
    await page.getByText('Computes high and low water.').waitFor()
    const file = join(catalog, 'tides.yaml')
    const text = await readFile(file, 'utf8')

    await writeFile(file, text.replace('type: service', 'type: [service'))
    const problem = page.getByRole('region', { name: /could not be updated/ })
    await problem.waitFor()
    assert.match(await problem.textContent(), /tides\.yaml:\d+:\d+/)
    await page.getByText('Computes high and low water.').waitFor()

    await writeFile(file, text)
    await problem.waitFor({ state: 'detached' })
  })

  test('a removed file takes its entities away', async (t) => {
    const { catalog, page, portal } = await open(t, '/catalog?kind=component')
    await row(page, 'Tide Table').waitFor()
    await rm(join(catalog, 'tides.yaml'))
    await row(page, 'Tide Table').waitFor({ state: 'detached' })
    await row(page, 'Berth Planner').waitFor()
    await portal.holds(11)
  })

  test('an address without an entity says so and suggests the nearest', async (t) => {
    const { page } = await open(t, '/catalog/default/component/tide-tabel')
    const nearby = page.getByRole('list', {
      name: 'Entities with a similar name',
    })
    await nearby.getByRole('link', { name: /Tide Table|tide-table/ }).waitFor()

    await page.goto('/no/such/page')
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor()
    await page.getByRole('link', { name: 'Open the catalog' }).click()
    await row(page, 'Tide Table').waitFor()
  })
})
