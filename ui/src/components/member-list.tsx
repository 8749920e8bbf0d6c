import { useQuery } from '@tanstack/react-query'
import { summaries } from '../api/queries'
import { parseRef } from '../api/ref'
import { EntityLink } from './entity-link'
import styles from './member-list.module.css'

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
  const { data } = useQuery(summaries(members))
  return (
    <ul className={styles.members} aria-label={label}>
      {isEveryones && <li>Everybody who is let in</li>}
      {members.map((member) => {
        const ref = parseRef(member)
        return (
          <li key={member}>
            {ref ? <EntityLink entityRef={ref} summaries={data} icon /> : member}
          </li>
        )
      })}
    </ul>
  )
}
