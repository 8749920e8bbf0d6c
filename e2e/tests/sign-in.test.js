/** People sign in in a real browser, and nobody else sees anything. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from '../lib/browser.js'
import { Portal, smallCatalog, until } from '../lib/portal.js'

const PASSWORD = 'correct horse battery'
const CLOSED = { 'auth.local': { enabled: true } }

describe('signing in', () => {
  let browser
  before(async () => {
    browser = await openBrowser()
  })
  after(() => browser.close())

  /** A portal that nobody has an account of yet, and the link that it prints. */
  async function closedPortal(t) {
    const portal = await Portal.start(t, { catalog: await smallCatalog(t), settings: CLOSED })
    await portal.ready()
    const link = await until('the link for the first administrator', () =>
      /http\S+\/welcome#\S+/.exec(portal.output)?.at(0),
    )
    return { portal, link }
  }

  /** A browser that nobody used before. */
  async function visitor(t, portal, options = {}) {
    const context = await browser.newContext({ baseURL: portal.url, ...options })
    t.after(() => context.close())
    return await context.newPage()
  }

  async function setPassword(page, link) {
    await page.goto(link)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByLabel('The same again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: 'Catalog' }).waitFor()
  }

  async function signIn(page) {
    await page.getByLabel('Name').fill('admin')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  test('the first administrator comes in by the link, and stays in', async (t) => {
    const { portal, link } = await closedPortal(t)
    const page = await visitor(t, portal)
    await setPassword(page, link)
    await page.getByRole('link', { name: 'Berth Planner' }).first().waitFor()
    const cookies = await page.context().cookies()
    assert.deepEqual(
      cookies.map(({ name, httpOnly, sameSite }) => ({ name, httpOnly, sameSite })),
      [{ name: 'callboard-session', httpOnly: true, sameSite: 'Lax' }],
    )

    await page.reload()
    await page.getByRole('link', { name: 'Berth Planner' }).first().waitFor()
    const again = await visitor(t, portal)
    await again.goto(link)
    await again.getByRole('alert').getByText('over, or was used already').waitFor()
    assert.ok(!portal.output.includes(PASSWORD))
  })

  test('a stranger signs in and comes to where they wanted to go', async (t) => {
    const { portal, link } = await closedPortal(t)
    await setPassword(await visitor(t, portal), link)
    const page = await visitor(t, portal)
    const refused = []
    page.on('response', (answer) => {
      if (answer.status() === 401) refused.push(answer.url())
    })

    await page.goto('/catalog/default/component/berth-planner')
    await page.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()
    assert.deepEqual(refused, [])
    await signIn(page)
    await page.getByRole('heading', { level: 1, name: 'Berth Planner' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/catalog/default/component/berth-planner')
  })

  test('signing out leaves nothing behind, and a session that ended leads back', async (t) => {
    const { portal, link } = await closedPortal(t)
    const page = await visitor(t, portal)
    await setPassword(page, link)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()
    assert.deepEqual(await page.context().cookies(), [])
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()
    await signIn(page)
    await page.getByRole('link', { name: 'Berth Planner' }).first().waitFor()

    // Somebody ends the session elsewhere; the next question finds that out.
    await page.context().clearCookies()
    await page.getByRole('link', { name: 'Berth Planner' }).first().click()
    await page.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()
    await signIn(page)
    await page.getByRole('heading', { level: 1, name: 'Berth Planner' }).waitFor()
  })

  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing on the ${colorScheme} pages`, async (t) => {
      const { portal, link } = await closedPortal(t)
      for (const width of [1280, 390]) {
        const viewport = { width, height: 900 }
        const page = await visitor(t, portal, { colorScheme, viewport })
        for (const [path, heading] of [
          ['/sign-in?error=Nobody%20knows%20you', 'Sign in to Harbour'],
          [link, 'Welcome to Harbour'],
        ]) {
          await page.goto(path)
          await page.getByRole('heading', { name: heading }).waitFor()
          await page.waitForLoadState('networkidle')
          const { violations } = await new AxeBuilder({ page }).analyze()
          const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}`)
          assert.deepEqual(found, [], heading)
        }
      }
    })
  }
})
