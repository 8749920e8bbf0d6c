import { useQuery } from '@tanstack/react-query'
import { hasPasskeys } from '../api/credentials'
import { me } from '../api/me'
import { MyPasskeys } from '../components/my-passkeys'
import { MyPassword } from '../components/my-password'
import { MyProfile } from '../components/my-profile'
import { MySessions } from '../components/my-sessions'
import { MyTokens } from '../components/my-tokens'
import { Empty } from '../ui/empty'
import styles from './settings.module.css'

/** What a person sees and decides about their own sign-in. */
export default function Settings() {
  const { data } = useQuery(me)
  if (!data) return null
  if (!data.user) {
    return (
      <Empty page title="Nobody is signed in">
        <p>Settings are those of a person. In this portal everybody is a guest.</p>
      </Empty>
    )
  }
  const hasAccount = data.provider === 'local'
  return (
    <div className={styles.page}>
      <title>Settings</title>
      <h1>Settings</h1>
      <MyProfile user={data.user} provider={data.provider ?? undefined} />
      {hasAccount && hasPasskeys() && <MyPasskeys />}
      {hasAccount && <MyPassword />}
      <MySessions />
      <MyTokens />
    </div>
  )
}
