import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import {
  BookOpen,
  FilePlus2,
  Home,
  LayoutGrid,
  type LucideIcon,
  Plug,
  Search,
  Settings,
  Square,
} from 'lucide-react'
import { useId } from 'react'
import type { LiveState } from '../api/live'
import { kindCounts } from '../api/queries'
import { config, type NavigationItem } from '../config'
import { paths } from '../paths'
import { Administration } from './administration'
import { KindIcon, kindPlural } from './kind-icon'
import { LiveIndicator } from './live-indicator'
import { Mark } from './mark'
import styles from './sidebar.module.css'
import { ThemeToggle } from './theme-toggle'
import { WhoAmI } from './who-am-i'

const ICONS: Record<string, LucideIcon> = {
  catalog: LayoutGrid,
  home: Home,
  docs: BookOpen,
  create: FilePlus2,
  api: Plug,
  search: Search,
  settings: Settings,
}

/** The server's navigation has what its features add; these are the frame's own. */
const HOME: NavigationItem = { title: 'Home', path: paths.home(), icon: 'home' }
const SETTINGS: NavigationItem = { title: 'Settings', path: paths.settings(), icon: 'settings' }

/** The order of kinds people think in; others follow by number. */
const KIND_ORDER = ['component', 'api', 'resource', 'system', 'domain', 'group', 'user', 'template']

const rank = (kind: string): number => {
  const index = KIND_ORDER.indexOf(kind.toLowerCase())
  return index === -1 ? KIND_ORDER.length : index
}

/** Where one can go, and how the portal is doing. */
export function Sidebar({ live }: { live: LiveState }) {
  return (
    <div className={styles.sidebar}>
      <Link to={paths.home()} search={{}} className={styles.brand}>
        <Mark size={26} />
        <span>{config.title}</span>
      </Link>
      <nav aria-label="Main" className={styles.nav}>
        {[HOME, ...config.navigation.filter(({ path }) => path !== HOME.path)].map((item) => (
          <NavigationLink key={item.path} item={item} />
        ))}
      </nav>
      <Kinds />
      <Administration />
      <WhoAmI />
      {!config.signInRequired && (
        // Who is signed in finds them beside their name.
        <nav aria-label="Yours" className={styles.nav}>
          <NavigationLink item={SETTINGS} />
        </nav>
      )}
      <div className={styles.foot}>
        <LiveIndicator state={live} />
        <ThemeToggle />
      </div>
    </div>
  )
}

function NavigationLink({ item }: { item: NavigationItem }) {
  const Icon = ICONS[item.icon] ?? Square
  return (
    <Link
      to={item.path}
      search={{}}
      className={styles.item}
      activeOptions={{ includeSearch: false, exact: item.path === paths.home() }}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      {item.title}
    </Link>
  )
}

/** The kind that a page is about: the only one in the table, or the entity's. */
function kindOf({ pathname, search }: { pathname: string; search: object }): string | undefined {
  const kinds: unknown = Reflect.get(search, 'kind')
  const [, kind] = /\/catalog\/[^/]+\/([^/]+)\//.exec(pathname) ?? []
  return kind ?? (Array.isArray(kinds) && kinds.length === 1 ? String(kinds[0]) : undefined)
}

function Kinds() {
  const { data } = useQuery(kindCounts)
  const chosen = useRouterState({ select: ({ location }) => kindOf(location) })
  const heading = useId()
  if (!data || data.length === 0) return null
  const kinds = data.toSorted((a, b) => rank(a.value) - rank(b.value) || b.count - a.count)
  return (
    <nav aria-labelledby={heading} className={`${styles.nav} ${styles.kinds}`}>
      <h2 id={heading} className={styles.heading}>
        Browse
      </h2>
      {kinds.map(({ value, count }) => {
        const kind = value.toLowerCase()
        return (
          <Link
            key={kind}
            to={paths.catalog()}
            search={{ kind: [kind] }}
            className={styles.item}
            data-current={kind === chosen || undefined}
          >
            <KindIcon kind={kind} />
            {kindPlural(value)}
            <span className={styles.count}>{count.toLocaleString('en')}</span>
          </Link>
        )
      })}
    </nav>
  )
}
