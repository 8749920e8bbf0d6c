import { Outlet } from '@tanstack/react-router'
import { config } from '../config'
import { DataAgeBanner } from './data-age-banner'
import { Drawer } from './drawer'
import { Mark } from './mark'
import styles from './shell.module.css'
import { Sidebar } from './sidebar'
import { useArrival } from './use-arrival'
import { useLiveCatalog } from './use-live-catalog'

/** The frame around every page: the sidebar, or on small screens a bar with a menu. */
export function Shell() {
  const live = useLiveCatalog()
  const arrivedAt = useArrival()

  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={skipToMain}>
        Skip to content
      </button>
      <header className={styles.bar}>
        <Drawer>
          <Sidebar live={live} />
        </Drawer>
        <Mark size={22} />
        <span className={styles.title}>{config.title}</span>
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
    </div>
  )
}

/** A button and not a link: `#main` would resolve against the base path instead of this page. */
function skipToMain() {
  document.getElementById('main')?.focus()
}
