import { Dialog } from '@base-ui/react/dialog'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { Menu, X } from 'lucide-react'
import { useState } from 'react'
import { config } from '../config'
import { IconButton } from '../ui/icon-button'
import { Mark } from './mark'
import styles from './shell.module.css'
import { Sidebar } from './sidebar'
import { useArrival } from './use-arrival'
import { useLiveCatalog } from './use-live-catalog'

/** The frame around every page: the sidebar, or on small screens a bar with a menu. */
export function Shell() {
  const live = useLiveCatalog()
  const arrivedAt = useArrival()
  const address = useRouterState({ select: (state) => state.location.href })
  // The drawer belongs to the address it was opened at, so following a link closes it.
  const [openAt, setOpenAt] = useState<string>()

  return (
    <div className={styles.shell}>
      <button type="button" className={styles.skip} onClick={skipToMain}>
        Skip to content
      </button>
      <header className={styles.bar}>
        <Dialog.Root
          open={openAt === address}
          onOpenChange={(open) => setOpenAt(open ? address : undefined)}
        >
          <Dialog.Trigger render={<IconButton label="Open navigation" />}>
            <Menu size={18} aria-hidden="true" />
          </Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Backdrop className={styles.backdrop} />
            <Dialog.Popup className={styles.drawer} aria-label="Navigation">
              <Dialog.Close
                render={<IconButton label="Close navigation" className={styles.close} />}
              >
                <X size={18} aria-hidden="true" />
              </Dialog.Close>
              <Sidebar live={live} />
            </Dialog.Popup>
          </Dialog.Portal>
        </Dialog.Root>
        <Mark size={22} />
        <span className={styles.title}>{config.title}</span>
      </header>
      <div className={styles.side}>
        <Sidebar live={live} />
      </div>
      <p className="visually-hidden" aria-live="polite">
        {arrivedAt}
      </p>
      <main id="main" className={styles.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}

/** A button and not a link: `#main` would resolve against the base path instead of this page. */
function skipToMain() {
  document.getElementById('main')?.focus()
}
