import { useQuery } from '@tanstack/react-query'
import type { Myself } from '../api/me'
import { summaries } from '../api/queries'
import { parseRef } from '../api/ref'
import { Card } from '../ui/card'
import { EntityLink } from './entity-link'
import styles from './my-list.module.css'

/** Who one is, and what one owns things as. */
export function MyProfile({ user, provider }: { user: Myself; provider: string | undefined }) {
  const { data } = useQuery(summaries(user.ownershipEntityRefs))
  const link = (text: string) => {
    const ref = parseRef(text)
    return ref ? <EntityLink entityRef={ref} summaries={data} icon /> : text
  }
  const groups = user.ownershipEntityRefs.filter((ref) => ref !== user.entityRef)
  return (
    <Card title="Profile">
      <dl className={styles.facts}>
        <dt>Name</dt>
        <dd>{user.displayName ?? user.entityRef}</dd>
        {user.email && (
          <>
            <dt>Email</dt>
            <dd>{user.email}</dd>
          </>
        )}
        <dt>User</dt>
        <dd>{link(user.entityRef)}</dd>
        <dt>Groups</dt>
        <dd className={styles.links}>
          {groups.length === 0
            ? 'None in the catalog'
            : groups.map((ref) => <span key={ref}>{link(ref)}</span>)}
        </dd>
        {provider && (
          <>
            <dt>Signed in with</dt>
            <dd>{provider === 'local' ? 'an account of this portal' : provider}</dd>
          </>
        )}
      </dl>
    </Card>
  )
}
