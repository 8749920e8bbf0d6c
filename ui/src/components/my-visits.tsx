import { useId } from 'react'
import { MOST_VISITS } from '../api/visits'
import { Card } from '../ui/card'
import { ConfirmButton } from '../ui/confirm-button'
import styles from './my-visits.module.css'
import { useVisits } from './use-visits'

/** Whether it is remembered where one was, and how to have that forgotten. */
export function MyVisits() {
  const { visits, remembers, remember, forget } = useVisits()
  const about = useId()
  const count = visits?.length ?? 0
  return (
    <Card title="Visits">
      <div className={styles.frame}>
        <label>
          <span className={styles.words}>
            <strong>Remember the pages I look at</strong>
            <span id={about}>
              For your home page, the last {MOST_VISITS} of them. Nobody else is shown them.
            </span>
          </span>
          <input
            type="checkbox"
            aria-describedby={about}
            aria-label="Remember the pages I look at"
            checked={remembers ?? false}
            disabled={remembers === undefined}
            onChange={(event) => remember(event.target.checked)}
          />
        </label>
        <div>
          <span className={styles.words}>
            {count === 0
              ? 'No page is remembered.'
              : `${count} ${count === 1 ? 'page is' : 'pages are'} remembered.`}
          </span>
          <ConfirmButton
            label="Forget"
            about="all visits"
            question="Forget all visits?"
            disabled={count === 0}
            onConfirm={forget}
          >
            Your home page then shows no visits until you look at pages again.
          </ConfirmButton>
        </div>
      </div>
    </Card>
  )
}
