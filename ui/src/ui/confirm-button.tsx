import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { Button, buttonClass } from './button'
import styles from './confirm-button.module.css'

/** A button for what cannot be taken back: it asks once more before it does it. */
export function ConfirmButton({
  label,
  about,
  question,
  children,
  disabled = false,
  onConfirm,
}: {
  /** What it does, on the button and on the one that confirms. */
  label: string
  /** What it is done to, for people who do not see what stands beside the button. */
  about: string
  question: string
  /** What comes of it. */
  children: ReactNode
  disabled?: boolean
  onConfirm: () => void
}) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger
        className={buttonClass()}
        disabled={disabled}
        aria-label={`${label} ${about}`}
      >
        {label}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.dialog}>
          <AlertDialog.Title className={styles.title}>{question}</AlertDialog.Title>
          <AlertDialog.Description className={styles.text}>{children}</AlertDialog.Description>
          <div className={styles.actions}>
            <AlertDialog.Close render={<Button />}>Keep it</AlertDialog.Close>
            <AlertDialog.Close render={<Button className={styles.danger} />} onClick={onConfirm}>
              {label}
            </AlertDialog.Close>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
