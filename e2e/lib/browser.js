/** Debian's Chromium, driven by playwright-core, which brings no browser of its own. */
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env.CALLBOARD_CHROMIUM ?? PLACES.find((path) => existsSync(path))

/** Starts a browser; `CALLBOARD_CHROMIUM` names another one. */
export async function openBrowser() {
  if (!executablePath) throw new Error('Chromium is missing: sudo apt-get install chromium')
  // Chromium's own sandbox cannot start as root, where tests in containers often run.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return await chromium.launch({ executablePath, args })
}
