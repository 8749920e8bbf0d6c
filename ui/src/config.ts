/** One entry of the sidebar. */
export interface NavigationItem {
  title: string
  path: string
  icon: string
}

/** What the server tells the page before it starts; see index.html. */
export interface PortalConfig {
  title: string
  /** The path the portal is mounted at, without the slash at the end: `''` or `'/portal'`. */
  basePath: string
  version: string
  navigation: NavigationItem[]
  /** Whether nothing is shown until somebody signs in. */
  signInRequired: boolean
}

const DEFAULTS: PortalConfig = {
  title: 'Callboard',
  basePath: '',
  version: 'development',
  navigation: [{ title: 'Catalog', path: '/catalog', icon: 'catalog' }],
  signInRequired: false,
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value.trim() !== '' ? value : otherwise

function navigationItem(value: unknown): NavigationItem[] {
  if (!isRecord(value)) return []
  const { title, path, icon } = value
  if (typeof title !== 'string' || typeof path !== 'string' || !path.startsWith('/')) return []
  return [{ title, path, icon: text(icon, 'page') }]
}

/** Reads the injected JSON; whatever is missing or malformed gets its default. */
export function parseConfig(json: string | null | undefined): PortalConfig {
  let raw: unknown
  try {
    raw = JSON.parse(json?.trim() || '{}')
  } catch {
    return DEFAULTS
  }
  if (!isRecord(raw)) return DEFAULTS
  const navigation = Array.isArray(raw.navigation) ? raw.navigation.flatMap(navigationItem) : []
  return {
    title: text(raw.title, DEFAULTS.title),
    basePath: text(raw.basePath, '/').replace(/\/+$/, ''),
    version: text(raw.version, DEFAULTS.version),
    navigation: navigation.length > 0 ? navigation : DEFAULTS.navigation,
    signInRequired: raw.signInRequired === true,
  }
}

/** The configuration of this page; it cannot change while the page is open. */
export const config = parseConfig(document.getElementById('callboard-config')?.textContent)
