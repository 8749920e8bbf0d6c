/** Everybody can use the pages: axe finds nothing, in either theme, wide or narrow. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from '../lib/browser.js'
import { Portal, smallCatalog } from '../lib/portal.js'

const PAGES = {
  home: ['/', 'Welcome to Harbour'],
  'the catalog': ['/catalog', 'Catalog'],
  'an entity': ['/catalog/default/component/berth-planner', 'Berth Planner'],
  'a definition': ['/catalog/default/api/berth-api/definition', 'berth-api'],
  'no page': ['/nowhere', 'There is no page at this address'],
}

describe('axe finds nothing', () => {
  let browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  for (const colorScheme of ['light', 'dark']) {
    for (const width of [1280, 390]) {
      test(`${colorScheme}, ${width} pixels wide`, async (t) => {
        const catalog = await smallCatalog(t)
        const portal = await Portal.start(t, { catalog })
        await portal.ready()
        await portal.holds(14)
        const viewport = { width, height: 900 }
        const context = await browser.newContext({
          baseURL: portal.url,
          colorScheme,
          viewport,
        })
        t.after(() => context.close())
        const page = await context.newPage()

        for (const [name, [path, heading]] of Object.entries(PAGES)) {
          await page.goto(path)
          await page.getByRole('heading', { name: heading }).first().waitFor()
          await page.waitForLoadState('networkidle')
          const { violations } = await new AxeBuilder({ page }).analyze()
          const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}`)
          assert.deepEqual(found, [], `on the page of ${name}`)
        }
      })
    }
  }
})
