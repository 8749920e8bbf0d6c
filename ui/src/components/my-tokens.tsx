import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { createToken, myTokens, revokeToken, type Token } from '../api/credentials'
import { relativeTime } from '../api/relative-time'
import { Banner } from '../ui/banner'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { CopyButton } from '../ui/copy-button'
import { TextInput } from '../ui/text-input'
import { ErrorView } from './error-view'
import { Failure } from './failure'
import styles from './my-list.module.css'

const DAYS = [7, 30, 90, 365]

/** Tokens for scripts that act in one's name. */
export function MyTokens() {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(myTokens)
  const again = () => queries.invalidateQueries({ queryKey: myTokens.queryKey })
  const create = useMutation({ mutationFn: createToken, onSettled: again })
  const revoke = useMutation({ mutationFn: revokeToken, onSettled: again })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const element = event.currentTarget
    const form = new FormData(element)
    const readOnly = form.get('scope') === 'read'
    create.mutate(
      {
        name: String(form.get('name')),
        expiresInDays: Number(form.get('days')),
        ...(readOnly ? { restrictions: [{ actions: ['read'] }] } : {}),
      },
      { onSuccess: () => element.reset() },
    )
  }
  return (
    <Card title="Personal access tokens">
      <div className={styles.stack}>
        <Failure error={create.error ?? revoke.error} />
        {error && <ErrorView title="The tokens did not load" error={error} onRetry={refetch} />}
        {create.data && <NewToken name={create.data.name} text={create.data.token} />}
        {data?.length === 0 && (
          <p className={styles.none}>Scripts that act in your name show a token. You have none.</p>
        )}
        {data && data.length > 0 && (
          <ul className={styles.list}>
            {data.map((token) => (
              <li key={token.id}>
                <div className={styles.what}>
                  <strong>{token.name}</strong>
                  <span>{describe(token)}</span>
                </div>
                <Button
                  disabled={revoke.isPending}
                  onClick={() => revoke.mutate(token.id)}
                  aria-label={`Revoke ${token.name}`}
                >
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
        )}
        <form className={styles.form} onSubmit={submit}>
          <TextInput label="Name" name="name" maxLength={100} autoComplete="off" required />
          <label className={styles.choice}>
            Lasts
            <select name="days" defaultValue={90}>
              {DAYS.map((days) => (
                <option key={days} value={days}>
                  {days} days
                </option>
              ))}
            </select>
          </label>
          <label className={styles.choice}>
            May
            <select name="scope" defaultValue="read">
              <option value="read">only read</option>
              <option value="all">do all that I may</option>
            </select>
          </label>
          <Button type="submit" disabled={create.isPending}>
            Make a token
          </Button>
        </form>
      </div>
    </Card>
  )
}

/** The text of a token, this once. */
function NewToken({ name, text }: { name: string; text: string }) {
  return (
    <Banner tone="info" title={`Copy the token “${name}” now: it is not shown again.`}>
      <div className={styles.secret}>
        <code>{text}</code>
        <CopyButton text={text} label="Copy the token" compact />
      </div>
    </Banner>
  )
}

function describe({ restrictions, expiresAt, lastUsedAt }: Token): string {
  const now = new Date()
  const scope = restrictions ? 'Restricted' : 'Everything'
  const used = lastUsedAt ? `used ${relativeTime(new Date(lastUsedAt), now)}` : 'never used'
  const end = new Date(expiresAt).toLocaleDateString('en', { dateStyle: 'medium' })
  return `${scope}, ${used}, until ${end}`
}
