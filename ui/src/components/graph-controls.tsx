import { Maximize, ZoomIn, ZoomOut } from 'lucide-react'
import { IconButton } from '../ui/icon-button'
import styles from './graph-controls.module.css'

/** Buttons for those who have no wheel. */
export function GraphControls({
  nearer,
  farther,
  fit,
}: {
  nearer: () => void
  farther: () => void
  fit: () => void
}) {
  return (
    <fieldset className={styles.controls}>
      <legend className="visually-hidden">Zoom</legend>
      <IconButton label="Zoom out" aria-keyshortcuts="-" onClick={farther}>
        <ZoomOut size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label="Zoom in" aria-keyshortcuts="+" onClick={nearer}>
        <ZoomIn size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label="Show all of it" aria-keyshortcuts="0" onClick={fit}>
        <Maximize size={16} aria-hidden="true" />
      </IconButton>
    </fieldset>
  )
}
