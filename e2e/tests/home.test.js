/** What people keep for themselves: stars, visits, and a home page as they like it. */
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from '../lib/browser.js'
import { Portal, smallCatalog, until } from '../lib/portal.js'

const PASSWORD = 'correct horse battery'
const TIDE_TABLE = '/catalog/default/component/tide-table'

describe('home', () => {
  let browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  /** A browser that nobody used before. */
  async function visitor(t, portal, options = {}) {
    const context = await browser.newContext({ baseURL: portal.url, ...options })
    t.after(() => context.close())
    return await context.newPage()
  }

  /** A portal that people sign in to, and one of them in front of it. */
  async function signedIn(t) {
    const catalog = await smallCatalog(t)
    const settings = { 'auth.local': { enabled: true } }
    const portal = await Portal.start(t, { catalog, settings, host: 'localhost' })
    await portal.ready()
    const link = await until('the link for the first administrator', () =>
      /http\S+\/welcome#\S+/.exec(portal.output)?.at(0),
    )
    const page = await visitor(t, portal)
    await page.goto(link)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByLabel('The same again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: 'Good' }).waitFor()
    return { catalog, portal, page }
  }

  /** The same person in another browser. */
  async function elsewhere(t, portal, options) {
    const page = await visitor(t, portal, options)
    await page.goto('/sign-in')
    await page.getByLabel('Name').fill('admin')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Good' }).waitFor()
    return page
  }

  /** A portal that nobody signs in to. */
  async function openPortal(t) {
    const catalog = await smallCatalog(t)
    const portal = await Portal.start(t, { catalog })
    await portal.ready()
    await portal.holds(14)
    return portal
  }

  const star = (page, name, pressed) =>
    page.getByRole('main').getByRole('button', { name: `Star ${name}`, exact: true, pressed })
  const starred = (page, name) =>
    page.getByRole('list', { name: 'Starred entities' }).getByRole('link', { name, exact: true })
  const cards = (page) =>
    page
      .locator('[data-home-card]')
      .evaluateAll((all) => all.map(({ dataset }) => `${dataset.homeCard} ${dataset.size}`))

  /** Waits until the server has what was just changed. */
  const kept = (page) =>
    page.waitForResponse(
      (answer) => answer.request().method() === 'PUT' && answer.url().includes('/user-settings/'),
    )

  async function expectAccessible(page, what) {
    await page.waitForLoadState('networkidle')
    const { violations } = await new AxeBuilder({ page }).analyze()
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}`)
    assert.deepEqual(found, [], what)
  }

  test('a star from the table is in the filter, on the home page, and in every browser', async (t) => {
    const { catalog, page, portal } = await signedIn(t)
    await page.goto('/catalog?kind=component')
    const put = kept(page)
    await star(page, 'Tide Table', false).click()
    await star(page, 'Tide Table', true).waitFor()
    await put

    await page.getByRole('button', { name: 'Starred' }).click()
    await page.getByRole('status').filter({ hasText: '1 entity' }).waitFor()
    assert.equal(new URL(page.url()).search, '?kind=component&user=starred')
    await page.reload()
    await page.getByRole('status').filter({ hasText: '1 entity' }).waitFor()
    await star(page, 'Tide Table', true).waitFor()

    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await starred(page, 'Tide Table').waitFor()
    const other = await elsewhere(t, portal)
    await starred(other, 'Tide Table').click()
    await star(other, 'Tide Table', true).waitFor()

    await rm(join(catalog, 'tides.yaml'))
    await page.getByText('1 star is on what is not in the catalog').waitFor()
    await starred(page, 'Tide Table').waitFor({ state: 'detached' })
    const cleaned = kept(page)
    await page.getByRole('button', { name: 'Remove it' }).click()
    await page.getByText('Nothing is starred yet').waitFor()
    await cleaned
  })

  test('a card that was moved by key is there after a reload, and in another browser', async (t) => {
    const { page, portal } = await signedIn(t)
    await page.getByRole('button', { name: 'Arrange' }).click()
    const handle = (title) => page.getByRole('button', { name: new RegExp(`^Move ${title}, `) })
    await handle('Quick links').focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Home')
    await page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('Move Quick links, 1 of 5'),
    )
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    const put = kept(page)
    await page.keyboard.press('ArrowRight')
    await put
    const arranged = ['links M', 'starred M', 'owned M', 'recent S', 'frequent S']
    await until('the arrangement', async () => `${await cards(page)}` === `${arranged}`)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Arrange' }).waitFor()
    assert.deepEqual(await cards(page), arranged)

    const other = await elsewhere(t, portal)
    await other.getByRole('button', { name: 'Arrange' }).waitFor()
    assert.deepEqual(await cards(other), arranged)
  })

  test('a card follows the pointer, and stays where it is let go', async (t) => {
    const { page } = await signedIn(t)
    await page.getByRole('button', { name: 'Arrange' }).click()
    await page.getByRole('button', { name: /^Move What I own, / }).hover()
    await page.mouse.down()
    const { x, y } = await page.getByRole('region', { name: 'Starred' }).boundingBox()
    await page.mouse.move(x + 60, y + 60, { steps: 8 })
    await until('the card to follow', async () => (await cards(page))[0] === 'owned M')
    const put = kept(page)
    await page.mouse.up()
    await put
    await page.reload()
    await page.getByRole('button', { name: 'Arrange' }).waitFor()
    assert.deepEqual((await cards(page)).slice(0, 2), ['owned M', 'starred M'])
  })

  test('when the server refuses, the star goes back and a message says so', async (t) => {
    const { page } = await signedIn(t)
    await page.goto(TIDE_TABLE)
    await star(page, 'Tide Table', false).waitFor()
    await page.route('**/keys/entityRefs', (route) => route.abort())
    await star(page, 'Tide Table').click()
    await page.getByRole('alert').getByText('The star was not kept').waitFor()
    await star(page, 'Tide Table', false).waitFor()
    await page.getByRole('button', { name: 'Close this message' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })

  test('pages that were looked at are found again, until they are forgotten', async (t) => {
    const { page, portal } = await signedIn(t)
    const put = kept(page)
    await page.goto(TIDE_TABLE)
    await page.getByRole('heading', { level: 1, name: 'Tide Table' }).waitFor()
    await put
    const other = await elsewhere(t, portal)
    const recent = other.getByRole('list', { name: 'Recently visited' })
    await recent.getByRole('link', { name: 'Tide Table' }).waitFor()

    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('1 page is remembered.').waitFor()
    await page.getByRole('checkbox', { name: 'Remember the pages I look at' }).uncheck()
    await page.getByRole('button', { name: 'Forget all visits' }).click()
    const forgotten = kept(page)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Forget' }).click()
    await forgotten
    await page.getByText('No page is remembered.').waitFor()
    await other.reload()
    await other.getByText('Visits are not remembered').first().waitFor()
  })

  test('where nobody signs in, the browser keeps everything and the server nothing', async (t) => {
    const portal = await openPortal(t)
    const page = await visitor(t, portal)
    const asked = []
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(TIDE_TABLE)
    await star(page, 'Tide Table', false).click()
    await star(page, 'Tide Table', true).waitFor()
    await page.goto('/')
    await page.getByRole('heading', { name: 'Welcome to Harbour' }).waitFor()
    await starred(page, 'Tide Table').waitFor()
    await page
      .getByRole('list', { name: 'Recently visited' })
      .getByRole('link', { name: 'Tide Table' })
      .waitFor()
    assert.ok(!(await cards(page)).includes('owned M'))

    // Another tab of the same browser follows.
    const tab = await page.context().newPage()
    await tab.goto('/')
    await star(tab, 'Tide Table', true).click()
    await page.getByText('Nothing is starred yet').waitFor()
    assert.deepEqual(
      asked.filter((url) => url.includes('/user-settings/')),
      [],
    )
  })

  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing on the ${colorScheme} pages, which fit a small screen`, async (t) => {
      const { page: first, portal } = await signedIn(t)
      await first.goto(TIDE_TABLE)
      const put = kept(first)
      await star(first, 'Tide Table', false).click()
      await put
      for (const width of [1280, 360]) {
        const viewport = { width, height: 900 }
        const page = await elsewhere(t, portal, { colorScheme, viewport })
        await starred(page, 'Tide Table').waitFor()
        await expectAccessible(page, `home, ${width} wide`)
        await page.getByRole('button', { name: 'Arrange' }).click()
        await expectAccessible(page, `arranging, ${width} wide`)
        const fits = () =>
          page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
        assert.ok(await fits(), `arranging, ${width} wide`)
        for (const path of ['/catalog?user=starred', TIDE_TABLE, '/settings']) {
          await page.goto(path)
          await page.getByRole('heading', { level: 1 }).waitFor()
          await expectAccessible(page, `${path}, ${width} wide`)
          assert.ok(await fits(), `${path}, ${width} wide`)
        }
      }
    })
  }
})
