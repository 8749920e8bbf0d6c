import { useQuery } from '@tanstack/react-query'
import { hasPasskeys } from '../api/credentials'
import { me } from '../api/me'
import { MyPasskeys } from '../components/my-passkeys'
import { MyPassword } from '../components/my-password'
import { MyProfile } from '../components/my-profile'
import { MySessions } from '../components/my-sessions'
import { MyTokens } from '../components/my-tokens'
import { MyVisits } from '../components/my-visits'
import { config } from '../config'
import styles from './settings.module.css'

/** What a person sees and decides about their own sign-in, and about what is kept for them. */
export default function Settings() {
  const { data } = useQuery(me)
  if (!data) return null
  const { user } = data
  const hasAccount = data.provider === 'local'
  return (
    <div className={styles.page}>
      <title>{`Settings · ${config.title}`}</title>
      <h1>Settings</h1>
      {user && <MyProfile user={user} provider={data.provider ?? undefined} />}
      {hasAccount && hasPasskeys() && <MyPasskeys />}
      {hasAccount && <MyPassword />}
      {user && <MySessions />}
      {user && <MyTokens />}
      <MyVisits />
      {!user && (
        <p className={styles.guest}>
          Nobody signs in to this portal. What you star, where you were and how you arrange your
          home page is kept in this browser, and nowhere else.
        </p>
      )}
    </div>
  )
}
