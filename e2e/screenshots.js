/** Takes the pictures of the README: `node screenshots.js URL FOLDER`. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openBrowser } from './lib/browser.js'

const [address, folder] = process.argv.slice(2)

/** File name, path, heading to wait for. */
const PAGES = [
  ['catalog', '/catalog?kind=component', 'Components'],
  ['entity', '/catalog/default/component/box-office-api'],
]

await mkdir(folder, { recursive: true })
const browser = await openBrowser()
for (const colorScheme of ['light', 'dark']) {
  const viewport = { width: 1440, height: 900 }
  const page = await browser.newPage({ baseURL: address, colorScheme, viewport })
  for (const [name, path, heading] of PAGES) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1, ...(heading && { name: heading }) }).waitFor()
    await page.waitForLoadState('networkidle')
    const file = join(folder, `${name}-${colorScheme}.png`)
    await page.screenshot({ path: file, animations: 'disabled' })
    process.stdout.write(`${file}\n`)
  }
  await page.close()
}
await browser.close()
