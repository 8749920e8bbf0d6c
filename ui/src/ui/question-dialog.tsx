import { AlertDialog } from '@base-ui/react/alert-dialog'
import type { ReactNode } from 'react'
import { Button } from './button'
import styles from './confirm-button.module.css'

/** Asks once more before something is done that somebody did not ask for in so many words. */
export function QuestionDialog({
  isOpen,
  question,
  children,
  no,
  yes,
  onAnswer,
}: {
  isOpen: boolean
  question: string
  /** What comes of it. */
  children: ReactNode
  no: string
  yes: string
  onAnswer: (isYes: boolean) => void
}) {
  return (
    <AlertDialog.Root open={isOpen} onOpenChange={(open) => !open && onAnswer(false)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles.backdrop} />
        <AlertDialog.Popup className={styles.dialog}>
          <AlertDialog.Title className={styles.title}>{question}</AlertDialog.Title>
          <AlertDialog.Description className={styles.text}>{children}</AlertDialog.Description>
          <div className={styles.actions}>
            <Button onClick={() => onAnswer(false)}>{no}</Button>
            <Button className={styles.danger} onClick={() => onAnswer(true)}>
              {yes}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
