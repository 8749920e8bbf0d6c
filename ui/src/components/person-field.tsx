import { useQuery } from '@tanstack/react-query'
import { summaries } from '../api/queries'
import { parseRef } from '../api/ref'
import { Button } from '../ui/button'
import { EntityLink } from './entity-link'
import { EntityPicker } from './entity-picker'
import styles from './person-field.module.css'

/** One entity that is chosen, and a way to choose another one. */
export function PersonField({
  label,
  note,
  kinds,
  chosen,
  onChange,
}: {
  label: string
  note?: string
  kinds?: readonly string[]
  /** Empty while none is chosen. */
  chosen: string
  onChange: (ref: string) => void
}) {
  const ref = parseRef(chosen)
  const { data } = useQuery(summaries(chosen ? [chosen] : []))
  if (!chosen) {
    const more = { ...(note && { note }), ...(kinds && { kinds }) }
    return <EntityPicker label={label} {...more} onPick={onChange} />
  }
  return (
    <div className={styles.field}>
      <p className={styles.label}>{label}</p>
      <p className={styles.chosen}>
        {ref ? <EntityLink entityRef={ref} summaries={data} icon /> : chosen}
        <Button aria-label={`Choose another: ${label}`} onClick={() => onChange('')}>
          Change
        </Button>
      </p>
    </div>
  )
}
