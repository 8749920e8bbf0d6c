import type { FormEvent } from 'react'
import { Button } from '../ui/button'
import { TextInput } from '../ui/text-input'
import styles from './invite-form.module.css'

/** Makes an account for somebody, who then sets its password. */
export function InviteForm({
  offersAdministrator,
  isBusy,
  invite,
}: {
  /** Whether whoever looks is an administrator: nobody else makes another one. */
  offersAdministrator: boolean
  isBusy: boolean
  invite: (account: { name: string; administrator: boolean }, done: () => void) => void
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    const name = String(form.get('name')).trim().toLowerCase()
    invite({ name, administrator: form.has('administrator') }, () => element.reset())
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <TextInput
        label="Name"
        name="name"
        maxLength={63}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
        placeholder="ada"
      />
      {offersAdministrator && (
        <label className={styles.choice}>
          <input type="checkbox" name="administrator" />
          Administrator: may do everything
        </label>
      )}
      <Button primary type="submit" disabled={isBusy}>
        Invite
      </Button>
    </form>
  )
}
