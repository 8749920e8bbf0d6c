import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  type Account,
  accounts,
  CREATE_ACCOUNTS,
  createAccount,
  DELETE_ACCOUNTS,
  inviteAgain,
  removeAccount,
} from '../api/accounts'
import { me } from '../api/me'
import { useMay } from '../api/permissions'
import { Card } from '../ui/card'
import { type AccountActs, AccountItem } from './account-item'
import styles from './accounts.module.css'
import { Failure } from './failure'
import { InviteForm } from './invite-form'
import { NewInvitation } from './new-invitation'

interface Invitee {
  name: string
  /** For a new account: whether it may do everything. */
  made?: { administrator: boolean }
}

/** The accounts, and what whoever looks may do with them. */
export function Accounts({ items }: { items: readonly Account[] }) {
  const queries = useQueryClient()
  const may = useMay([CREATE_ACCOUNTS, DELETE_ACCOUNTS])
  const { data: myself } = useQuery(me)
  const again = () => queries.invalidateQueries({ queryKey: accounts.queryKey })
  const invite = useMutation({
    mutationFn: ({ name, made }: Invitee) =>
      made ? createAccount({ name, ...made }) : inviteAgain(name),
    onSettled: again,
  })
  const remove = useMutation({
    mutationFn: removeAccount,
    // The link of somebody who is gone leads nowhere.
    onSuccess: (_, name) => invite.variables?.name === name && invite.reset(),
    onSettled: again,
  })
  const isBusy = invite.isPending || remove.isPending
  const administrators = items.filter(({ administrator }) => administrator)
  const isMine = ({ entityRef }: Account) => entityRef === myself?.user?.entityRef
  const isAdministrator = administrators.some(isMine)

  /** The rules of the server: administrators are for administrators, and the last one stays. */
  const actsOn = ({ name, administrator }: Account): AccountActs => {
    if (administrator && !isAdministrator) return { reason: 'For administrators only' }
    const isLast = administrator && administrators.length === 1
    return {
      invite: may(CREATE_ACCOUNTS) ? () => invite.mutate({ name }) : undefined,
      remove: may(DELETE_ACCOUNTS) && !isLast ? () => remove.mutate(name) : undefined,
      reason: isLast ? 'The last administrator stays' : undefined,
    }
  }

  return (
    <div className={styles.accounts}>
      {may(CREATE_ACCOUNTS) && (
        <Card title="Invite somebody" note="The account ada is user:default/ada">
          <InviteForm
            offersAdministrator={isAdministrator}
            isBusy={isBusy}
            invite={({ name, ...made }, done) => invite.mutate({ name, made }, { onSuccess: done })}
          />
        </Card>
      )}
      <Failure error={invite.error ?? remove.error} />
      {invite.data && invite.variables && (
        <NewInvitation
          key={invite.data.link}
          name={invite.variables.name}
          invitation={invite.data}
        />
      )}
      <ul className={styles.list} aria-label="Accounts">
        {items.map((account) => (
          <AccountItem
            key={account.name}
            account={account}
            isMine={isMine(account)}
            isBusy={isBusy}
            acts={actsOn(account)}
          />
        ))}
      </ul>
    </div>
  )
}
