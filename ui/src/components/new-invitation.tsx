import type { InvitationLink } from '../api/accounts'
import { Banner } from '../ui/banner'
import { CopyButton } from '../ui/copy-button'
import { Moment } from './moment'
import styles from './my-list.module.css'

/** Leads to what appeared, wherever on the page it was asked for. */
const focus = (element: HTMLElement | null) => element?.focus()

/** The link of an invitation, this once. */
export function NewInvitation({ name, invitation }: { name: string; invitation: InvitationLink }) {
  return (
    <div ref={focus} tabIndex={-1} role="status" className={styles.notice}>
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
