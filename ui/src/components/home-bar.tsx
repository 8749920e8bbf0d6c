import { Check, LayoutDashboard } from 'lucide-react'
import type { Ref } from 'react'
import { Button } from '../ui/button'
import styles from './home-grid.module.css'

/** Begins and ends the arranging of the home page. */
export function HomeBar({
  ref,
  isArranging,
  onArrange,
  onReset,
}: {
  ref: Ref<HTMLButtonElement>
  isArranging: boolean
  onArrange: (yes: boolean) => void
  onReset: () => void
}) {
  return (
    <div className={styles.bar}>
      {isArranging && (
        <>
          <p className={styles.hint}>
            Drag cards by their handles, or move them with the arrow keys.
          </p>
          <Button className={styles.quiet} onClick={onReset}>
            Reset
          </Button>
        </>
      )}
      <Button
        ref={ref}
        primary={isArranging}
        {...(!isArranging && { className: styles.quiet })}
        onClick={() => onArrange(!isArranging)}
      >
        {isArranging ? (
          <Check size={15} aria-hidden="true" />
        ) : (
          <LayoutDashboard size={15} aria-hidden="true" />
        )}
        {isArranging ? 'Done' : 'Arrange'}
      </Button>
    </div>
  )
}
