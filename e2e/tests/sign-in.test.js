/** People sign in in a real browser, and nobody else sees anything. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from '../lib/browser.js'
import { freePort, Portal, smallCatalog, until } from '../lib/portal.js'
import { CLIENT, startProvider } from '../oidc-provider.mjs'

const PASSWORD = 'correct horse battery'
const ADA = `
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ada }
spec:
  profile: { displayName: Ada of the harbour, email: ada@example.com }
  memberOf: [pilots]
`
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
    await page.getByRole('heading', { name: /^Good / }).waitFor()
  }

  /** Goes from the home page to the catalog. */
  async function openCatalog(page) {
    await page.getByRole('link', { name: 'Catalog', exact: true }).click()
    await page.getByRole('link', { name: 'Berth Planner' }).first().waitFor()
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
    await openCatalog(page)
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
    await openCatalog(page)

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
    await other.getByRole('heading', { name: /^Good / }).waitFor()

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
    await page.getByRole('heading', { name: /^Good / }).waitFor()
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByText('Used just now', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Remove My laptop' }).click()
    await page.getByText('You have none.').first().waitFor()

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').getByText('This passkey is not known here').waitFor()
  })

  /** A portal that people come into by a real provider of OpenID Connect. */
  async function portalWithProvider(t) {
    const catalog = await smallCatalog(t)
    await writeFile(join(catalog, 'ada.yaml'), ADA)
    const port = await freePort()
    const callback = `http://localhost:${port}/api/auth/oidc/handler/frame`
    const provider = await startProvider(0, callback)
    t.after(() => provider.stop())
    const client = { clientId: CLIENT.id, clientSecret: CLIENT.secret }
    const signIn = { resolvers: [{ resolver: 'emailMatchingUserEntityProfileEmail' }] }
    const { metadataUrl } = provider
    const development = { metadataUrl, prompt: 'auto', ...client, signIn }
    const settings = {
      'auth.environment': 'development',
      'auth.providers': { oidc: { development } },
    }
    const portal = await Portal.start(t, { catalog, port, settings, host: 'localhost' })
    await portal.ready()
    return portal
  }

  /** Signs in on the pages of the provider. */
  async function throughProvider(page, name) {
    await page.getByRole('link', { name: 'Continue with OpenID Connect' }).click()
    await page.getByPlaceholder('Enter any login').fill(name)
    await page.getByPlaceholder('and password').fill('any')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
  }

  test('a real provider vouches for somebody, is asked again, and lets them go', async (t) => {
    const portal = await portalWithProvider(t)
    const page = await visitor(t, portal)
    await page.goto('/catalog?kind=component')
    await throughProvider(page, 'ada')
    await page.getByRole('link', { name: 'Berth Planner' }).first().waitFor()
    assert.equal(new URL(page.url()).search, '?kind=component')
    await page.getByRole('link', { name: 'Ada of the harbour' }).waitFor()

    const refreshed = await page.evaluate(async () => {
      const headers = { 'X-Requested-With': 'XMLHttpRequest' }
      const answer = await fetch('/api/auth/oidc/refresh?env=development', { headers })
      return { status: answer.status, body: await answer.json() }
    })
    assert.equal(refreshed.status, 200)
    const { token, identity } = refreshed.body.backstageIdentity
    assert.equal(identity.userEntityRef, 'user:default/ada')
    assert.ok(identity.ownershipEntityRefs.includes('group:default/pilots'))
    const asked = await fetch(`${portal.url}/api/auth/v1/userinfo`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal((await asked.json()).claims.sub, 'user:default/ada')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()
    const again = await page.evaluate(async () => {
      const headers = { 'X-Requested-With': 'XMLHttpRequest' }
      return (await fetch('/api/auth/oidc/refresh?env=development', { headers })).status
    })
    assert.equal(again, 401)
  })

  test('whom the catalog does not know is told whom to ask, and administrators are told why', async (t) => {
    const portal = await portalWithProvider(t)
    const page = await visitor(t, portal)
    await page.goto('/')
    await throughProvider(page, 'grace')
    await page.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()
    const told = await page.getByRole('alert').textContent()
    assert.ok(!told.includes('grace'), told)
    await until('the reason in the log', () =>
      portal.output.includes('emailMatchingUserEntityProfileEmail'),
    )
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
