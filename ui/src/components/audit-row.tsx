import { ChevronRight } from 'lucide-react'
import { useId, useState } from 'react'
import { type AuditEvent, type AuditSearch, summaryOf } from '../api/audit'
import { AuditDetails } from './audit-details'
import styles from './audit-table.module.css'
import { Moment } from './moment'
import { OutcomeMark } from './outcome-mark'

/** What happened in one line, and below it the details once somebody opens it. */
export function AuditRow({
  event,
  narrow,
}: {
  event: AuditEvent
  narrow: (change: Partial<AuditSearch>) => void
}) {
  const [open, setOpen] = useState(false)
  const details = useId()
  const who = event.actor ?? 'nobody known'
  return (
    <>
      <tr className={styles.row}>
        <td className={styles.what}>
          <button
            type="button"
            className={styles.event}
            aria-expanded={open}
            aria-controls={details}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={14} aria-hidden="true" />
            {event.event}
          </button>
          <span className={styles.summary}>{summaryOf(event)}</span>
          <span className={styles.meta}>
            {who} · <Moment at={event.at} />
          </span>
        </td>
        <td data-hide="small" className={event.actor ? styles.who : styles.nobody}>
          {who}
        </td>
        <td>
          <OutcomeMark outcome={event.outcome} />
        </td>
        <td data-hide="small">
          <Moment at={event.at} className={styles.when} />
        </td>
      </tr>
      <tr id={details} className={styles.details} hidden={!open}>
        <td colSpan={4} className={styles.known}>
          {open && <AuditDetails event={event} narrow={narrow} />}
        </td>
      </tr>
    </>
  )
}
