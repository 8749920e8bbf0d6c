import { Menu, X } from 'lucide-react'
import { type MouseEvent, type ReactNode, useRef, useState } from 'react'
import { IconButton } from '../ui/icon-button'
import styles from './drawer.module.css'

/** The navigation of small screens: a button, and what it slides in. The browser traps the focus. */
export function Drawer({ children }: { children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  // Most visitors have room for the sidebar and never open this one.
  const [used, setUsed] = useState(false)

  const open = () => {
    setUsed(true)
    dialog.current?.showModal()
  }

  /** Following a link or touching what is beside the drawer closes it. */
  const leave = (event: MouseEvent<HTMLDialogElement>) => {
    const { target } = event
    const followed = target instanceof Element && target.closest('a') !== null
    if (followed || target === event.currentTarget) event.currentTarget.close()
  }

  return (
    <>
      <IconButton label="Open navigation" onClick={open}>
        <Menu size={18} aria-hidden="true" />
      </IconButton>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a modal dialog, and links are followed with Enter, which is a click */}
      <dialog ref={dialog} className={styles.drawer} aria-label="Navigation" onClick={leave}>
        <IconButton
          label="Close navigation"
          className={styles.close}
          onClick={() => dialog.current?.close()}
        >
          <X size={18} aria-hidden="true" />
        </IconButton>
        {used && children}
      </dialog>
    </>
  )
}
