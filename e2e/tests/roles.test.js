/** Roles are made in a real browser, and decide what somebody else sees in theirs. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { openBrowser } from '../lib/browser.js'
import { Portal, smallCatalog, temporaryFolder, until } from '../lib/portal.js'

const PASSWORD = 'correct horse battery'
const ROLES_FILE = `
roles:
  - name: tellers
    description: Who reads tide tables
    members: [group:default/keepers]
    permissions:
      - permission: catalog.entity.read
        resourceType: catalog-entity
        when: { not: { rule: IS_ENTITY_KIND, params: { kinds: [Domain] } } }
`
/** What the pilots own, and what is Mira's own. */
const OF_MIRA = ['Berth Board', 'Berth Planner', 'Tide Bell']

describe('roles', () => {
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

  /** A portal where roles decide and nobody has one, and its first administrator in front of it. */
  async function portalWithRoles(t, permission = {}) {
    const catalog = await smallCatalog(t)
    const rolesFile = join(await temporaryFolder(t), 'roles.yaml')
    await writeFile(rolesFile, ROLES_FILE)
    const settings = {
      'auth.local': { enabled: true },
      'permission.enabled': true,
      'permission.rolesFile': rolesFile,
      ...permission,
    }
    const portal = await Portal.start(t, { catalog, settings, host: 'localhost' })
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

  /** Somebody who is invited, in a browser of their own. */
  async function invited(t, portal, page, name) {
    await page.goto('/admin/accounts')
    await page.getByLabel('Name').fill(name)
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByText(`Send ${name} this link`).waitFor()
    const shown = page.locator('code').filter({ hasText: '/welcome#' })
    const theirs = await visitor(t, portal)
    await setPassword(theirs, await shown.textContent())
    return theirs
  }

  async function choose(page, label, text, option) {
    await page.getByLabel(label, { exact: true }).fill(text)
    await page.getByRole('option', { name: option }).first().click()
  }

  /** Goes the way of an administrator to a new role, and fills in all but its permissions. */
  async function beginRole(page, name) {
    const administration = page.getByRole('navigation', { name: 'Administration' })
    await administration.getByRole('link', { name: 'Roles' }).click()
    await page.getByRole('link', { name: 'New role' }).click()
    await page.getByRole('heading', { level: 1, name: 'New role' }).waitFor()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByLabel('Description').fill('Who moors ships')
    await choose(page, 'Add a person or group', 'pilo', /Pilots/)
  }

  /** Lets a role read what whoever asks owns. */
  async function permitOwned(page) {
    await page.getByRole('button', { name: 'Add permissions' }).click()
    await page.getByLabel('Effect').selectOption('if')
    await page.getByRole('checkbox', { name: 'catalog.entity.read' }).check()
    await page.getByLabel('Condition', { exact: true }).selectOption('IS_ENTITY_OWNER')
    await page.getByRole('button', { name: 'whoever asks, or a group of theirs' }).click()
  }

  async function makeRole(page, name) {
    await beginRole(page, name)
    await permitOwned(page)
    await page.getByRole('button', { name: 'Make the role' }).click()
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }

  /** The components that somebody sees, once they are `count`. */
  async function components(page, count) {
    await page.goto('/catalog?kind=component')
    const rows = page.locator('a[data-row-link]')
    await until(`${count} components`, async () => (await rows.count()) === count)
    return (await rows.allTextContents()).sort()
  }

  async function expectAccessible(page, what) {
    await page.waitForLoadState('networkidle')
    const { violations } = await new AxeBuilder({ page }).analyze()
    const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0].html}`)
    assert.deepEqual(found, [], what)
    const isWider = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    )
    assert.equal(isWider, false, `${what} scrolls sideways`)
  }

  test('a role that is made permits exactly what it says, until it is changed and removed', async (t) => {
    const { portal, page } = await portalWithRoles(t)
    const mira = await invited(t, portal, page, 'mira')
    await mira.goto('/catalog?kind=component')
    await mira.getByText('Nothing', { exact: false }).first().waitFor()

    await page.goto('/catalog')
    await makeRole(page, 'moorers')
    const permissions = page.getByRole('list', { name: 'Permissions' })
    assert.match(
      await permissions.textContent(),
      /catalog\.entity\.read.*if.*owned by whoever asks/,
    )
    assert.deepEqual(await components(mira, 3), OF_MIRA)
    await mira.goto('/catalog/default/component/tide-table')
    await mira.getByRole('heading', { name: /tide-table/ }).waitFor()
    await mira.goto('/admin/roles')
    await mira.getByRole('heading', { name: 'This page is not for everybody' }).waitFor()

    // Now everything but what somebody owns: by a group around the same condition.
    await page.getByRole('link', { name: 'Edit moorers' }).click()
    await page.getByLabel('How they count together').selectOption('noneOf')
    await page.getByLabel('Name', { exact: true }).fill('strangers')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { level: 1, name: 'strangers', exact: true }).waitFor()
    assert.deepEqual(await components(mira, 1), ['Tide Table'])

    await page.getByRole('button', { name: 'Remove strangers' }).click()
    const question = page.getByRole('alertdialog', { name: 'Remove the role strangers?' })
    await question.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('heading', { level: 1, name: 'Roles' }).waitFor()
    await page.getByRole('link', { name: 'tellers' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'strangers' }).count(), 0)
    await components(mira, 0)
  })

  test('a role is tried for somebody before it counts, and explained when it does', async (t) => {
    const { page } = await portalWithRoles(t)
    await beginRole(page, 'moorers')
    await permitOwned(page)
    await choose(page, 'Person to try it for', 'mira', /Mira Holt/)
    await page.getByRole('button', { name: 'What would they see?' }).click()
    const gained = page.getByRole('list', { name: 'Gained of catalog-entity' })
    await gained.getByRole('link', { name: 'Berth Planner' }).waitFor()
    assert.equal(await gained.getByRole('link', { name: 'Tide Table' }).count(), 0)
    await page.getByText(/reads 0 now, 6 then/).waitFor()
    const changed = page.getByRole('row').filter({ hasText: 'catalog.entity.read' })
    assert.match(await changed.textContent(), /denied.*depends/)

    await page.getByRole('button', { name: 'Make the role' }).click()
    await page.getByRole('heading', { level: 1, name: 'moorers', exact: true }).waitFor()
    await page.goto('/admin/roles/why')
    await choose(page, 'Who', 'mira', /Mira Holt/)
    await page.getByLabel('Permission').selectOption('catalog.entity.read')
    await choose(page, 'Thing', 'tide tab', /Tide Table/)
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.getByRole('heading', { name: 'Denied' }).waitFor()
    const way = page.getByRole('list', { name: 'Way to the role' })
    assert.match(await way.textContent(), /user:default\/mira.*group:default\/pilots/)
    await page.getByText('false').first().waitFor()

    await page.getByRole('button', { name: 'Choose another: Thing' }).click()
    await choose(page, 'Thing', 'berth pl', /Berth Planner/)
    await page.getByRole('button', { name: 'Explain' }).click()
    await page.getByRole('heading', { name: 'Allowed' }).waitFor()
    assert.match(page.url(), /thing=component:default\/berth-planner/)
  })

  test('who may not see roles is offered none, and can ask only about themselves', async (t) => {
    const { portal, page } = await portalWithRoles(t, {
      'permission.roles': { viewer: ['everyone'] },
    })
    const mira = await invited(t, portal, page, 'mira')
    await components(mira, 4)
    assert.equal(await mira.getByText('Administration').count(), 0)
    for (const path of ['/admin/roles', '/admin/roles/role/default/tellers', '/admin/roles/new']) {
      await mira.goto(path)
      await mira.getByRole('heading', { name: 'This page is not for everybody' }).waitFor()
    }
    await mira.goto('/admin/roles/why')
    await mira.getByLabel('Permission').fill('catalog.entity.delete')
    await mira.getByRole('button', { name: 'Explain' }).click()
    await mira.getByRole('heading', { name: 'Denied' }).waitFor()
    assert.equal(await mira.getByLabel('Who', { exact: true }).count(), 0)
  })

  test('a role of a file says where it is changed, and is not changed here', async (t) => {
    const { page } = await portalWithRoles(t)
    await page.goto('/admin/roles?q=tide')
    await page.getByRole('link', { name: 'tellers' }).click()
    await page.getByText('permission.rolesFile').waitFor()
    await page.getByRole('link', { name: 'Make one like it' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'Edit tellers' }).count(), 0)
    assert.equal(await page.getByRole('button', { name: 'Remove tellers' }).count(), 0)
    await page.goto('/admin/roles/role/default/tellers/edit')
    await page.getByRole('heading', { name: 'tellers is not changed here' }).waitFor()

    await page.goBack()
    await page.getByRole('link', { name: 'Make one like it' }).click()
    await page.getByLabel('Name', { exact: true }).fill('tellers')
    await choose(page, 'Add a person or group', 'keep', /Keepers/)
    await page.getByRole('button', { name: 'Make the role' }).click()
    const refused = page.getByRole('alert')
    await refused.getByText('comes from elsewhere').waitFor()
    await page.getByLabel('Name', { exact: true }).fill('readers')
    await page.getByRole('button', { name: 'Make the role' }).click()
    await page.getByRole('heading', { level: 1, name: 'readers', exact: true }).waitFor()
    await page.getByText('of the kind Domain').waitFor()
  })

  test('where roles do not decide there is no entry, and the page says how to enable them', async (t) => {
    const { page } = await portalWithRoles(t, { 'permission.enabled': false })
    await page.getByRole('link', { name: 'Audit' }).waitFor()
    await page.goto('/admin/roles')
    await page.getByRole('heading', { name: 'Roles are not enabled in this portal' }).waitFor()
    assert.equal(await page.getByRole('link', { name: 'Roles' }).count(), 0)
    await expectAccessible(page, 'the page without roles')
  })

  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing on the ${colorScheme} pages`, async (t) => {
      const { portal, page: first } = await portalWithRoles(t)
      await makeRole(first, 'moorers')
      const storageState = await first.context().storageState()
      for (const width of [1280, 360]) {
        const viewport = { width, height: 900 }
        const page = await visitor(t, portal, { colorScheme, viewport, storageState })
        const role = '/admin/roles/role/default/moorers'
        const why = '/admin/roles/why?user=user:default/mira&permission=catalog.entity.read'
        for (const [path, heading] of [
          ['/admin/roles', 'Roles'],
          [role, 'moorers'],
          ['/admin/roles/role/default/owner', 'owner'],
          [`${why}&thing=component:default/tide-table`, 'Why may somebody…?'],
          [`${role}/edit`, 'Edit moorers'],
        ]) {
          await page.goto(path)
          await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
          await expectAccessible(page, `${heading}, ${width} pixels wide`)
        }
        await page.getByRole('button', { name: 'Add a group' }).click()
        await choose(page, 'Person to try it for', 'mira', /Mira Holt/)
        await page.getByRole('button', { name: 'Save' }).click()
        await page.getByText('Choose a condition.').waitFor()
        await expectAccessible(page, `an editor that says what is wrong, ${width} pixels wide`)
        await page.getByRole('button', { name: 'Remove group 2' }).click()
        await page.getByRole('button', { name: 'What would they see?' }).click()
        await page
          .getByText(/reads \d+ now/)
          .first()
          .waitFor()
        await page.getByLabel('Add a person or group', { exact: true }).fill('kee')
        await page.getByRole('option', { name: /Keepers/ }).waitFor()
        await expectAccessible(page, `an editor with choices, ${width} pixels wide`)
      }
    })
  }
})
