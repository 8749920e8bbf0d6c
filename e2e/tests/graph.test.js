/** The graph of relations in a browser: looking, moving, narrowing, saving. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from '../lib/browser.js'
import { Portal, smallCatalog, temporaryFolder } from '../lib/portal.js'

const GRAPH = '/catalog-graph?rootEntityRefs[]='
const CENTRE = `${GRAPH}component:default/berth-planner`

/** A graph of 500 entities is there within this many milliseconds, on a busy machine too. */
const LARGE_SHOWS = 15_000
/** No step of a drag over such a graph keeps the page busy for longer. */
const LONGEST_STEP = 500

/** 500 components that depend on each other, of a few teams, as one file. */
function largeCatalog() {
  const entity = (kind, name, spec) =>
    JSON.stringify({ apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name }, spec })
  const teams = Array.from({ length: 5 }, (_, team) =>
    entity('Group', `crew-${team}`, { type: 'team', children: [] }),
  )
  const components = Array.from({ length: 500 }, (_, index) => {
    const earlier = [Math.floor(index / 3), Math.floor(index / 7)]
    const dependsOn = index === 0 ? [] : [...new Set(earlier)].map((one) => `component:part-${one}`)
    const owner = `crew-${index % 5}`
    return entity('Component', `part-${index}`, {
      type: 'service',
      lifecycle: 'production',
      owner,
      dependsOn,
    })
  })
  return [...teams, ...components].join('\n---\n')
}

describe('the graph of relations', () => {
  let browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  /** A page on a fresh portal over a copy of the small catalog. */
  async function open(t, path, options = {}) {
    const catalog = await smallCatalog(t)
    const portal = await Portal.start(t, { catalog })
    await portal.ready()
    await portal.holds(14)
    const context = await browser.newContext({ baseURL: portal.url, ...options })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(path)
    return { catalog, page, portal }
  }

  const drawing = (page) => page.getByRole('listbox', { name: 'Entities of the graph' })
  const node = (page, name) => drawing(page).getByRole('option', { name })
  const panel = (page) => page.getByRole('region', { name: 'The selected entity' })

  test('an entity leads to its graph; a click selects, the panel opens and moves the centre', async (t) => {
    const { page } = await open(t, '/catalog/default/component/berth-planner')
    const card = page.getByRole('region', { name: 'Graph' })
    await card
      .getByRole('link', { name: /^Tide Table|^tide-api/ })
      .first()
      .waitFor()
    await card.getByRole('link', { name: 'Open the graph' }).click()
    await page.getByRole('heading', { name: 'Relations of Berth Planner' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/catalog-graph')

    await node(page, /^tide-api/).click()
    await panel(page).getByText('api:default/tide-api').waitFor()
    await panel(page)
      .getByRole('button', { name: /^Expand/ })
      .click()
    await node(page, /^Tide Table/).waitFor()
    await panel(page).getByRole('button', { name: 'Make it the centre' }).click()
    await page.getByRole('heading', { name: 'Relations of tide-api' }).waitFor()
    await page.goBack()
    await node(page, /^Berth Planner.*centre/).waitFor()

    await node(page, /^tide-api/).dblclick()
    await page.getByRole('heading', { level: 1, name: 'tide-api' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/catalog/default/api/tide-api')
  })

  test('the keyboard leads through the graph and opens what it finds', async (t) => {
    const { page } = await open(t, CENTRE)
    await node(page, /^Berth Planner/).focus()
    await page.keyboard.press('ArrowRight')
    const chosen = drawing(page).getByRole('option', { selected: true })
    await chosen.waitFor()
    const name = await chosen.getAttribute('aria-label')
    assert.doesNotMatch(name, /centre/)
    await page.waitForFunction(
      () => document.activeElement.getAttribute('aria-selected') === 'true',
    )

    const world = drawing(page).locator('..')
    const transform = () => world.evaluate((element) => element.style.transform)
    const before = await transform()
    await page.keyboard.press('+')
    await page.waitForFunction(
      ([element, last]) => element.style.transform !== last,
      [await world.elementHandle(), before],
    )
    await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('0')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: name.split(',')[0] }).waitFor()
  })

  test('filters narrow the graph and live in the address, under the names of Backstage', async (t) => {
    const { page } = await open(
      t,
      `${CENTRE}&maxDepth=2&selectedRelations%5B%5D=consumesApi&selectedRelations%5B%5D=apiProvidedBy`,
    )
    await page.getByRole('status').filter({ hasText: '3 entities' }).waitFor()
    await node(page, /^Tide Table/).waitFor()
    await page.getByRole('combobox', { name: 'Depth' }).selectOption('1')
    await node(page, /^Tide Table/).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Clear', exact: true }).click()
    await page.getByRole('combobox', { name: 'Kind: any' }).click()
    await page.getByRole('option', { name: /^Systems/ }).click()
    await page.keyboard.press('Escape')
    await page.getByRole('status').filter({ hasText: '2 entities' }).waitFor()
    await page.getByRole('combobox', { name: 'Direction' }).selectOption('TB')
    await page.waitForURL(/direction=TB/)
    const { searchParams } = new URL(page.url())
    assert.deepEqual(searchParams.getAll('selectedKinds[]'), ['system'])
    await page.reload()
    await page.getByRole('status').filter({ hasText: '2 entities' }).waitFor()
  })

  test('the graph is saved as SVG and as PNG', async (t) => {
    const { page } = await open(t, `${CENTRE}&maxDepth=2`, { colorScheme: 'dark' })
    await node(page, /^Berth Planner/).click()
    const folder = await temporaryFolder(t)
    const save = async (format) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Save as ${format.toUpperCase()}` }).click(),
      ])
      assert.equal(download.suggestedFilename(), `component-berth-planner.${format}`)
      const file = join(folder, download.suggestedFilename())
      await download.saveAs(file)
      return await readFile(file)
    }
    const svg = (await save('svg')).toString()
    const found = await page.evaluate((text) => {
      const { documentElement: root } = new DOMParser().parseFromString(text, 'image/svg+xml')
      const all = [...root.querySelectorAll('*')]
      return {
        name: root.nodeName,
        ground: root.querySelector('rect').getAttribute('fill'),
        text: root.textContent,
        ofThePage: all.filter((one) => one.matches('[class], [role], [data-ref], script')).length,
        fills: [...new Set(all.map((one) => one.getAttribute('fill')))].join(' '),
      }
    }, svg)
    assert.equal(found.name, 'svg')
    assert.equal(found.ground, '#ffffff')
    assert.match(found.text, /Berth Planner/)
    assert.match(found.text, /ownedBy \/ ownerOf/)
    assert.equal(found.ofThePage, 0)
    assert.doesNotMatch(found.fills, /var|oklch|light-dark/)
    // The title of a node is nearly black, in a dark portal too.
    assert.match(found.fills, /rgb\(27, 25, 23\)/)

    const png = await save('png')
    assert.equal(png.subarray(1, 4).toString(), 'PNG')
    assert.ok(png.readUInt32BE(16) > 500, 'the picture is too small')
  })

  test('without a centre an entity is found while typing', async (t) => {
    const { page } = await open(t, '/catalog-graph')
    await page.getByRole('combobox', { name: 'Find an entity' }).fill('berth pl')
    await page.getByRole('option', { name: /Berth Planner/ }).click()
    await node(page, /^Berth Planner/).waitFor()
  })

  test('an unknown centre says so, and a relation to nothing is no error', async (t) => {
    const { catalog, page, portal } = await open(t, `${GRAPH}component:default/tide-tabel`)
    const nearby = page.getByRole('list', { name: 'Entities with a similar name' })
    await nearby.getByRole('link', { name: /Tide Table/ }).waitFor()

    const file = join(catalog, 'tides.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('component:tide-table', 'component:moon'))
    await portal.holds(14)
    await page.goto(`${GRAPH}component:default/tide-bell`)
    await node(page, /^moon, Not in the catalog/).click()
    await panel(page).getByText('A relation names it').waitFor()
    assert.equal(await panel(page).getByRole('link', { name: 'Open' }).count(), 0)
  })

  test('what somebody may not see is neither a node nor a centre', async (t) => {
    const folder = await temporaryFolder(t)
    const rolesFile = join(folder, 'roles.yaml')
    const when = { rule: 'IS_ENTITY_KIND', params: { kinds: ['Component', 'API'] } }
    const reading = { resourceType: 'catalog-entity', actions: ['read'], when }
    const role = { name: 'lookout', members: ['everyone'], permissions: [reading] }
    await writeFile(rolesFile, JSON.stringify({ roles: [role] }))
    const settings = {
      'auth.environment': 'development',
      'auth.providers': { guest: {} },
      'permission.enabled': true,
      'permission.rolesFile': rolesFile,
    }
    const catalog = await smallCatalog(t)
    const portal = await Portal.start(t, { catalog, folder, settings, host: 'localhost' })
    await portal.ready()
    const page = await browser.newPage({ baseURL: portal.url })
    t.after(() => page.close())

    await page.goto(CENTRE)
    await page.getByRole('button', { name: /guest/i }).click()
    await page.getByRole('status').filter({ hasText: '3 entities' }).waitFor()
    await node(page, /^tide-api, API/).waitFor()
    assert.equal(await node(page, /Group|System|Resource/).count(), 0)

    await page.goto(`${GRAPH}system:default/berths`)
    await page.getByRole('heading', { name: 'There is no system “berths”' }).waitFor()
  })

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 360]) {
      test(`axe finds nothing, ${colorScheme}, ${width} pixels wide`, async (t) => {
        const viewport = { width, height: 800 }
        const { page } = await open(t, `${CENTRE}&maxDepth=2`, { colorScheme, viewport })
        const check = async (what) => {
          const { violations } = await new AxeBuilder({ page }).analyze()
          const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}`)
          assert.deepEqual(found, [], what)
        }
        await node(page, /^Berth Planner/).click()
        await panel(page).waitFor()
        await check('the graph')
        assert.ok(
          await page.evaluate(() => document.body.scrollWidth <= window.innerWidth),
          'the page scrolls sideways',
        )
        await page.getByRole('button', { name: 'Show as list' }).click()
        await page.getByRole('list', { name: 'Entities of the graph' }).waitFor()
        await check('the list')
        await page.goto('/catalog-graph')
        await page.getByRole('heading', { name: 'The graph of relations' }).waitFor()
        await check('the page without a centre')
      })
    }
  }

  test('500 entities stay easy to move', async (t) => {
    const catalog = await temporaryFolder(t)
    await writeFile(join(catalog, 'all.yaml'), largeCatalog())
    const portal = await Portal.start(t, { catalog })
    await portal.ready()
    await portal.holds(505)
    const page = await browser.newPage({ baseURL: portal.url })
    t.after(() => page.close())
    const asked = []
    page.on('request', (request) => asked.push(request.url()))

    const start = performance.now()
    await page.goto(`${GRAPH}component:default/part-0&maxDepth=∞`)
    await page.getByRole('status').filter({ hasText: '505 entities' }).waitFor()
    await drawing(page).waitFor()
    const took = Math.round(performance.now() - start)
    const requests = asked.filter((url) => url.includes('by-refs')).length
    t.diagnostic(`505 entities showed after ${took} ms and ${requests} requests`)
    assert.ok(took < LARGE_SHOWS)
    assert.ok(requests <= 10)

    await page.getByRole('button', { name: 'Show all of it' }).click()
    const steps = []
    await page.mouse.move(700, 500)
    await page.mouse.down()
    for (let step = 1; step <= 20; step += 1) {
      const before = performance.now()
      await page.mouse.move(700 - 12 * step, 500 - 5 * step)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
      steps.push(performance.now() - before)
    }
    await page.mouse.up()
    const sorted = steps.toSorted((a, b) => a - b)
    t.diagnostic(
      `a step took ${Math.round(sorted[10])} ms, the longest ${Math.round(sorted[19])} ms`,
    )
    assert.ok(sorted[10] < LONGEST_STEP)
    await page.keyboard.press('Escape')
    await node(page, /^part-0,/).focus()
    await page.keyboard.press('End')
    await drawing(page).getByRole('option', { selected: true }).waitFor()
  })
})
