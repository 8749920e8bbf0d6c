import { Link } from '@tanstack/react-router'
import type { Account } from '../api/accounts'
import { parseRef } from '../api/ref'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { ConfirmButton } from '../ui/confirm-button'
import { Tag } from '../ui/tag'
import styles from './account-item.module.css'

/** What whoever looks may do with an account; what they may not is absent. */
export interface AccountActs {
  invite?: (() => void) | undefined
  remove?: (() => void) | undefined
  /** Why something is absent that they could do with other accounts. */
  reason?: string | undefined
}

/** An account, and what can be done with it. */
export function AccountItem({
  account,
  isMine,
  isBusy,
  acts,
}: {
  account: Account
  isMine: boolean
  isBusy: boolean
  acts: AccountActs
}) {
  const { name, entityRef, administrator } = account
  const ref = parseRef(entityRef)
  return (
    <li className={styles.account}>
      <div className={styles.who}>
        <p className={styles.name}>
          {ref ? (
            <Link to={paths.entity(ref)} search={{}}>
              {name}
            </Link>
          ) : (
            name
          )}
          {administrator && <Tag>Administrator</Tag>}
          {isMine && <span className={styles.mine}>You</span>}
        </p>
        <p className={styles.state}>{stateOf(account)}</p>
      </div>
      <div className={styles.acts}>
        {acts.reason && <p className={styles.reason}>{acts.reason}</p>}
        {acts.invite && (
          <Button disabled={isBusy} onClick={acts.invite} aria-label={`New link for ${name}`}>
            New link
          </Button>
        )}
        {acts.remove && (
          <ConfirmButton
            label="Remove"
            about={name}
            question={`Remove the account ${name}?`}
            disabled={isBusy}
            onConfirm={acts.remove}
          >
            {isMine
              ? 'You are signed out at once, and cannot sign in with it any more.'
              : 'Its owner is signed out at once, and cannot sign in with it any more. What they own in the catalog stays theirs.'}
          </ConfirmButton>
        )}
      </div>
    </li>
  )
}

const day = (at: string) => new Date(at).toLocaleDateString('en', { dateStyle: 'medium' })

const stateOf = ({ hasPassword, createdAt, changedAt }: Account): string =>
  hasPassword
    ? `Password set on ${day(changedAt)}`
    : `Invited on ${day(createdAt)}, has no password yet`
