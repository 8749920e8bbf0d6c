import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { summaries } from '../api/queries'
import { parseRef } from '../api/ref'
import { Button } from '../ui/button'
import { EntityLink } from './entity-link'
import { EntityPicker } from './entity-picker'
import styles from './person-field.module.css'
import { useFocusWhen } from './use-focus-when'

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
  // What was chosen here; what changes elsewhere takes no focus.
  const [own, setOwn] = useState<string>()
  const button = useFocusWhen<HTMLButtonElement>(chosen !== '' && own === chosen)
  const input = useFocusWhen<HTMLInputElement>(chosen === '' && own === '')
  const choose = (next: string) => {
    setOwn(next)
    onChange(next)
  }
  const ref = parseRef(chosen)
  const { data } = useQuery(summaries(chosen ? [chosen] : []))
  if (!chosen) {
    const more = { ...(note && { note }), ...(kinds && { kinds }) }
    return <EntityPicker label={label} {...more} inputRef={input} onPick={choose} />
  }
  return (
    <div className={styles.field}>
      <p className={styles.label}>{label}</p>
      <p className={styles.chosen}>
        {ref ? <EntityLink entityRef={ref} summaries={data} icon /> : chosen}
        <Button ref={button} aria-label={`Choose another: ${label}`} onClick={() => choose('')}>
          Change
        </Button>
      </p>
    </div>
  )
}
