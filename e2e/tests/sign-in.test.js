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
    const catalog = await smallCatalog(t)
    // Passkeys are for a name and never for a number.
    const portal = await Portal.start(t, { catalog, settings: CLOSED, host: 'localhost' })
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
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
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

  test('a person sees and ends their sessions, and makes tokens that work', async (t) => {
    const { portal, link } = await closedPortal(t)
    const page = await visitor(t, portal)
    await setPassword(page, link)
    const other = await visitor(t, portal)
    await other.goto('/sign-in')
    await signIn(other)
    await other.getByRole('link', { name: 'Berth Planner' }).first().waitFor()

    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.getByText('This browser').waitFor()
    await page.getByRole('button', { name: /^End the session in Chrome/ }).click()
    await page.getByRole('button', { name: /^End the session in/ }).waitFor({ state: 'detached' })
    await other.reload()
    await other.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()

    await page.getByLabel('Name').fill('nightly report')
    await page.getByRole('button', { name: 'Make a token' }).click()
    const token = await page.locator('code').filter({ hasText: 'callboard_' }).textContent()
    const ask = (method, path) =>
      fetch(portal.url + path, { method, headers: { authorization: `Bearer ${token}` } })
    assert.equal((await ask('GET', '/api/catalog/entities?limit=1')).status, 200)
    assert.equal((await ask('DELETE', '/api/auth/v1/me/tokens/none')).status, 403)
    const { violations } = await new AxeBuilder({ page }).analyze()
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
      [],
    )
    await page.getByRole('button', { name: 'Revoke nightly report' }).click()
    await page.getByText('You have none.').last().waitFor()
    assert.equal((await ask('GET', '/api/catalog/entities?limit=1')).status, 401)
  })

  test('a passkey signs in without a password', async (t) => {
    const { portal, link } = await closedPortal(t)
    const page = await visitor(t, portal)
    const devices = await page.context().newCDPSession(page)
    await devices.send('WebAuthn.enable')
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    })
    await setPassword(page, link)
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByLabel('What to call it').fill('My laptop')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('My laptop').waitFor()
    await page.getByLabel('What to call it').fill('Twice')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('alert').getByText('has a passkey for the account already').waitFor()

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('link', { name: 'Berth Planner' }).first().waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('Used just now', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Remove My laptop' }).click()
    await page.getByText('You have none.').first().waitFor()

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').getByText('This passkey is not known here').waitFor()
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
