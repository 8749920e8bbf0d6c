import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { LogOut, Settings } from 'lucide-react'
import { type Myself, me, signOut } from '../api/me'
import { parseRef } from '../api/ref'
import { safeUrl } from '../api/safe-url'
import { config } from '../config'
import { paths } from '../paths'
import { IconButton } from '../ui/icon-button'
import { Failure } from './failure'
import styles from './who-am-i.module.css'

/** The person who is signed in, and the way out; nothing where nobody has to sign in. */
export function WhoAmI() {
  const { data } = useQuery({ ...me, enabled: config.signInRequired })
  return data?.user ? <Person user={data.user} provider={data.provider ?? undefined} /> : null
}

function Person({ user, provider }: { user: Myself; provider: string | undefined }) {
  const leave = useMutation({
    mutationFn: () => signOut(provider),
    onSuccess: (elsewhere) =>
      window.location.assign(elsewhere ?? `${config.basePath}${paths.signIn()}`),
  })
  const name = user.displayName ?? nameOf(user.entityRef)
  const picture = user.picture && safeUrl(user.picture)
  return (
    <section className={styles.person} aria-label="Signed in">
      <Failure error={leave.error} />
      <div className={styles.row}>
        {picture ? (
          <img src={picture} alt="" width={26} height={26} />
        ) : (
          <span className={styles.initials} aria-hidden="true">
            {initials(name)}
          </span>
        )}
        <Link
          to={paths.entity(refOfUser(user.entityRef))}
          search={{}}
          className={styles.name}
          title={name}
        >
          {name}
        </Link>
        <Link to={paths.settings()} search={{}} className={styles.settings} aria-label="Settings">
          <Settings size={15} strokeWidth={1.75} aria-hidden="true" />
        </Link>
        <IconButton label="Sign out" onClick={() => leave.mutate()}>
          <LogOut size={15} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
    </section>
  )
}

const refOfUser = (ref: string) =>
  parseRef(ref) ?? { kind: 'user', namespace: 'default', name: ref }

const nameOf = (ref: string): string => refOfUser(ref).name

const initials = (name: string): string =>
  name
    .split(/[\s._-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('')
