import type { InvitationLink } from '../api/accounts'
import { Banner } from '../ui/banner'
import { CopyButton } from '../ui/copy-button'
import { Moment } from './moment'
import styles from './my-list.module.css'

/** The link of an invitation, this once. */
export function NewInvitation({ name, invitation }: { name: string; invitation: InvitationLink }) {
  return (
    <div role="status">
      <Banner tone="info" title={`Send ${name} this link: it is not shown again.`}>
        <p>
          Whoever opens it first sets the password. It is good until{' '}
          <Moment at={invitation.expiresAt} />.
        </p>
        <div className={styles.secret}>
          <code>{invitation.link}</code>
          <CopyButton text={invitation.link} label="Copy the link" compact />
        </div>
      </Banner>
    </div>
  )
}
