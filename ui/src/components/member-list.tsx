import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { summaries } from '../api/queries'
import { parseRef } from '../api/ref'
import { Button } from '../ui/button'
import { EntityLink } from './entity-link'
import styles from './member-list.module.css'

/** The most that are shown until somebody asks for all of them. */
const MOST_SHOWN = 100

/** People and groups, each a link to them. */
export function MemberList({
  label,
  members,
  isEveryones = false,
}: {
  label: string
  members: readonly string[]
  isEveryones?: boolean
}) {
  const [isWhole, setIsWhole] = useState(false)
  const shown = isWhole ? members : members.slice(0, MOST_SHOWN)
  const { data } = useQuery(summaries(shown))
  return (
    <ul className={styles.members} aria-label={label}>
      {isEveryones && <li>Everybody who is let in</li>}
      {shown.map((member) => {
        const ref = parseRef(member)
        return (
          <li key={member}>
            {ref ? <EntityLink entityRef={ref} summaries={data} icon /> : member}
          </li>
        )
      })}
      {shown.length < members.length && (
        <li>
          <Button onClick={() => setIsWhole(true)}>
            Show all {members.length.toLocaleString('en')}
          </Button>
        </li>
      )}
    </ul>
  )
}
