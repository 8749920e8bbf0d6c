import { Link, Outlet } from '@tanstack/react-router'
import { config } from '../config'
import { paths } from '../paths'
import { DataAgeBanner } from './data-age-banner'
import { Drawer } from './drawer'
import { Mark } from './mark'
import { RefusalNotice } from './refusal-notice'
import styles from './shell.module.css'
import { Sidebar } from './sidebar'
import { useArrival } from './use-arrival'
import { useLiveCatalog } from './use-live-catalog'
import { useSettingsOfOtherTabs } from './use-settings-of-other-tabs'
import { useVisitKeeper } from './use-visits'

/** The frame around every page: the sidebar, or on small screens a bar with a menu. */
export function Shell() {
  const live = useLiveCatalog()
  const arrivedAt = useArrival()
  useVisitKeeper()
  useSettingsOfOtherTabs()

  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={skipToMain}>
        Skip to content
      </button>
      <header className={styles.bar}>
        <Drawer>
          <Sidebar live={live} />
        </Drawer>
        <Link to={paths.home()} search={{}} className={styles.title}>
          <Mark size={22} />
          {config.title}
        </Link>
      </header>
      <aside className={styles.side} aria-label="Sidebar">
        <Sidebar live={live} />
      </aside>
      <p className="visually-hidden" aria-live="polite">
        {arrivedAt}
      </p>
      <main id="main" className={styles.main} tabIndex={-1}>
        <DataAgeBanner />
        <Outlet />
      </main>
      <RefusalNotice />
    </div>
  )
}

/** A button and not a link: `#main` would resolve against the base path instead of this page. */
function skipToMain() {
  document.getElementById('main')?.focus()
}
