import { Check, LayoutDashboard } from 'lucide-react'
import { type Ref, useState } from 'react'
import { Button } from '../ui/button'
import styles from './home-bar.module.css'
import { useHomeLayout } from './use-home-layout'

/** Begins and ends the arranging of the home page. */
export function HomeBar({
  ref,
  isArranging,
  onArrange,
}: {
  ref: Ref<HTMLButtonElement>
  isArranging: boolean
  onArrange: (yes: boolean) => void
}) {
  const { layout, reset } = useHomeLayout()
  const [said, setSaid] = useState('')
  const Icon = isArranging ? Check : LayoutDashboard
  return (
    <div className={styles.bar}>
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      {isArranging && (
        <Button
          className={styles.quiet}
          onClick={() => {
            reset()
            setSaid('The home page is as it was at first')
          }}
        >
          Reset
        </Button>
      )}
      <Button
        ref={ref}
        primary={isArranging}
        {...(!isArranging && { className: styles.quiet })}
        disabled={!layout}
        onClick={() => onArrange(!isArranging)}
      >
        <Icon size={15} aria-hidden="true" />
        {isArranging ? 'Done' : 'Arrange'}
      </Button>
    </div>
  )
}
