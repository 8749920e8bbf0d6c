import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { makePasskey, myPasskeys, removePasskey } from '../api/credentials'
import { relativeTime } from '../api/relative-time'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { TextInput } from '../ui/text-input'
import { ErrorView } from './error-view'
import { Failure } from './failure'
import styles from './my-list.module.css'

/** Devices that sign one in without a password. */
export function MyPasskeys() {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(myPasskeys)
  const again = () => queries.invalidateQueries({ queryKey: myPasskeys.queryKey })
  const make = useMutation({ mutationFn: makePasskey, onSettled: again })
  const remove = useMutation({ mutationFn: removePasskey, onSettled: again })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const element = event.currentTarget
    const label = String(new FormData(element).get('label'))
    make.mutate(label, { onSuccess: () => element.reset() })
  }
  return (
    <Card title="Passkeys">
      <div className={styles.stack}>
        <Failure error={make.error ?? remove.error} />
        {error && <ErrorView title="The passkeys did not load" error={error} onRetry={refetch} />}
        {data?.length === 0 && (
          <p className={styles.none}>
            A passkey signs you in with your fingerprint, face or screen lock instead of a password.
            You have none.
          </p>
        )}
        {data && data.length > 0 && (
          <ul className={styles.list}>
            {data.map(({ id, label, createdAt, lastUsedAt }) => (
              <li key={id}>
                <div className={styles.what}>
                  <strong>{label}</strong>
                  <span>
                    {lastUsedAt
                      ? `Used ${relativeTime(new Date(lastUsedAt), new Date())}`
                      : `Made ${relativeTime(new Date(createdAt), new Date())}, never used`}
                  </span>
                </div>
                <Button
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(id)}
                  aria-label={`Remove ${label}`}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        )}
        <form className={styles.form} onSubmit={submit}>
          <TextInput
            label="What to call it"
            name="label"
            placeholder="My laptop"
            maxLength={100}
            autoComplete="off"
            required
          />
          <Button type="submit" disabled={make.isPending}>
            Add a passkey
          </Button>
        </form>
      </div>
    </Card>
  )
}
