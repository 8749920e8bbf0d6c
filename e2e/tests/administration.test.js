/** Administrators look after a portal in a real browser, and nobody else sees that they can. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from '../lib/browser.js'
import { Portal, smallCatalog, until } from '../lib/portal.js'

const PASSWORD = 'correct horse battery'
const SETTINGS = {
  'auth.local': { enabled: true },
  // A proxy in front of the portal that vouches for people: what it says is only a header.
  'auth.providers': {
    oauth2Proxy: { signIn: { resolvers: [{ resolver: 'forwardedUserMatchingUserEntityName' }] } },
  },
  'permission.enabled': true,
  'permission.roles': { viewer: ['everyone'] },
}
const PAGES = [
  ['/admin/audit', 'Audit'],
  ['/admin/sign-ins', 'Sign-ins'],
  ['/admin/accounts', 'Accounts'],
]

describe('administration', () => {
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

  /** A portal, and its first administrator in front of it. */
  async function administeredPortal(t) {
    const catalog = await smallCatalog(t)
    const portal = await Portal.start(t, { catalog, settings: SETTINGS, host: 'localhost' })
    await portal.ready()
    const link = await until('the link for the first administrator', () =>
      /http\S+\/welcome#\S+/.exec(portal.output)?.at(0),
    )
    const page = await visitor(t, portal)
    await setPassword(page, link)
    return { portal, page }
  }

  async function setPassword(page, link) {
    await page.goto(link)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByLabel('The same again').fill(PASSWORD)
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.getByRole('heading', { name: /^Good / }).waitFor()
  }

  async function signIn(page, name, password) {
    await page.goto('/sign-in')
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  /** Goes to a page of the administration as people do. */
  async function administer(page, title) {
    const administration = page.getByRole('navigation', { name: 'Administration' })
    await administration.getByRole('link', { name: title }).click()
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
  }

  /** Invites somebody: the link that they are sent. */
  async function invite(page, name) {
    await administer(page, 'Accounts')
    await page.getByLabel('Name').fill(name)
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByText(`Send ${name} this link`).waitFor()
    return await page.locator('code').filter({ hasText: '/welcome#' }).textContent()
  }

  async function expectAccessible(page, what) {
    await page.waitForLoadState('networkidle')
    const { violations } = await new AxeBuilder({ page }).analyze()
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}`)
    assert.deepEqual(found, [], what)
  }

  test('a wrong password is in the audit, with all that is known about it', async (t) => {
    const { portal, page } = await administeredPortal(t)
    const stranger = await visitor(t, portal)
    await signIn(stranger, 'admin', 'wrong horse battery')
    await stranger.getByRole('alert').getByText('The name or the password is wrong').waitFor()

    await administer(page, 'Audit')
    await page.getByLabel('Outcome').selectOption('denied')
    const denied = page.getByRole('button', { name: 'sign-in' })
    await until('the event, which comes within moments', async () => {
      if ((await denied.count()) > 0) return true
      await page.getByRole('button', { name: 'Reload' }).click()
    })
    assert.equal(new URL(page.url()).search, '?outcome=denied')
    await denied.click()
    const details = page.getByRole('row').filter({ hasText: 'time in UTC' })
    assert.match(await details.textContent(), /request[\da-f].*provider.*local.*account.*admin/)
    assert.ok(!(await page.content()).includes('wrong horse'))

    await page.getByLabel('Who').fill('admin')
    await page.getByLabel('Who').press('Enter')
    await page.getByRole('heading', { name: 'Nothing like that happened' }).waitFor()
    await page.goBack()
    await denied.waitFor()
    await page.reload()
    await denied.waitFor()
  })

  test('whom no resolver found is told nothing, and an administrator what was compared', async (t) => {
    const { portal, page } = await administeredPortal(t)
    const headers = { 'X-Forwarded-User': 'zoe', 'X-Requested-With': 'XMLHttpRequest' }
    const refused = await fetch(`${portal.url}/api/auth/oauth2Proxy/refresh`, { headers })
    assert.equal(refused.status, 401)
    assert.ok(!(await refused.text()).includes('zoe'))

    await administer(page, 'Sign-ins')
    const failure = page.getByRole('list', { name: 'Attempts that failed' })
    const said = await failure.textContent()
    for (const part of [
      'forwardedUserMatchingUserEntityName',
      'user:default/zoe',
      'found nobody',
      'Add the user to the catalog',
      refused.headers.get('x-request-id'),
    ]) {
      assert.ok(said.includes(part), `${part} in ${said}`)
    }
  })

  test('who is invited sees nothing of the administration, and comes in until removed', async (t) => {
    const { portal, page } = await administeredPortal(t)
    const grace = await visitor(t, portal)
    await setPassword(grace, await invite(page, 'grace'))

    const asked = grace.waitForResponse((answer) => answer.url().endsWith('/permission/authorize'))
    await grace.reload()
    await asked
    await grace.getByRole('link', { name: 'Components' }).waitFor()
    for (const [path] of PAGES) {
      await grace.goto(path)
      await grace.getByRole('heading', { name: 'This page is not for everybody' }).waitFor()
      await grace.getByRole('link', { name: 'Components' }).waitFor()
      assert.equal(await grace.getByText('Administration').count(), 0)
    }

    await page.getByRole('button', { name: 'Reload' }).click()
    await page.getByText('Password set on').nth(1).waitFor()
    await page.getByRole('button', { name: 'Remove grace' }).click()
    const question = page.getByRole('alertdialog', { name: 'Remove the account grace?' })
    await question.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('link', { name: 'grace', exact: true }).waitFor({ state: 'detached' })
    await grace.reload()
    await grace.getByRole('heading', { name: 'Sign in to Harbour' }).waitFor()
    await signIn(grace, 'grace', PASSWORD)
    await grace.getByRole('alert').getByText('The name or the password is wrong').waitFor()
  })

  test('who forgot their password gets a new link', async (t) => {
    const { portal, page } = await administeredPortal(t)
    const first = await invite(page, 'grace')
    await setPassword(await visitor(t, portal), first)
    await page.getByRole('button', { name: 'New link for grace' }).click()
    const shown = page.locator('code').filter({ hasText: '/welcome#' })
    const second = await until('another link', async () => {
      const link = await shown.textContent()
      return link !== first && link
    })
    await setPassword(await visitor(t, portal), second)
    await page.reload()
    await page.getByRole('button', { name: 'New link for grace' }).waitFor()
    assert.equal(await shown.count(), 0)
  })

  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing on the ${colorScheme} pages`, async (t) => {
      const { portal, page: first } = await administeredPortal(t)
      await fetch(`${portal.url}/api/auth/oauth2Proxy/refresh`, {
        headers: { 'X-Forwarded-User': 'zoe', 'X-Requested-With': 'XMLHttpRequest' },
      })
      await invite(first, 'grace')
      const storageState = await first.context().storageState()
      for (const width of [1280, 390]) {
        const viewport = { width, height: 900 }
        const page = await visitor(t, portal, { colorScheme, viewport, storageState })
        for (const [path, heading] of PAGES) {
          await page.goto(path)
          await page.getByRole('heading', { level: 1, name: heading }).waitFor()
          await page.waitForLoadState('networkidle')
          if (path === '/admin/audit') {
            const event = page.getByRole('row').getByRole('button').first()
            await event.click()
            await page.getByText('time in UTC').waitFor()
          }
          await expectAccessible(page, `${heading}, ${width} pixels wide`)
          const isWider = await page.evaluate(
            () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
          )
          assert.equal(isWider, false, `${heading} scrolls sideways at ${width} pixels`)
        }
        await page.getByRole('button', { name: 'Remove grace' }).click()
        await page.getByRole('alertdialog').waitFor()
        await expectAccessible(page, `the question, ${width} pixels wide`)
      }
    })
  }
})
