import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changePassword } from '../api/credentials'
import { ApiError } from '../api/error'
import { config } from '../config'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { TextInput } from '../ui/text-input'
import { Failure } from './failure'
import styles from './my-list.module.css'

/** Changes the password of one's account, which signs out everywhere. */
export function MyPassword() {
  const [differ, setDiffer] = useState(false)
  const change = useMutation({
    mutationFn: ({ present, next }: { present: string; next: string }) =>
      changePassword(present, next),
    onSuccess: () => window.location.assign(`${config.basePath}${paths.signIn()}`),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name))
    setDiffer(text('next') !== text('again'))
    if (text('next') === text('again')) {
      change.mutate({ present: text('present'), next: text('next') })
    }
  }
  const twice = new ApiError('Password', 'The two new passwords are not the same.', 400)
  return (
    <Card title="Password" note="Changing it signs you out everywhere">
      <Failure error={differ ? twice : change.error} />
      <form className={styles.form} onSubmit={submit}>
        <TextInput
          label="Present password"
          name="present"
          type="password"
          autoComplete="current-password"
          required
        />
        <TextInput
          label="New password"
          name="next"
          type="password"
          autoComplete="new-password"
          minLength={12}
          required
        />
        <TextInput
          label="The new one again"
          name="again"
          type="password"
          autoComplete="new-password"
          required
        />
        <Button type="submit" disabled={change.isPending}>
          Change
        </Button>
      </form>
    </Card>
  )
}
