import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ApiError } from '../api/error'
import { acceptInvitation, invitation } from '../api/me'
import { Failure } from '../components/failure'
import { FrontDoor } from '../components/front-door'
import { config } from '../config'
import { Button } from '../ui/button'
import { TextInput } from '../ui/text-input'

/** Where an invitation leads: its owner sets the password of their account. */
export default function Welcome() {
  const secret = useRouterState({ select: ({ location }) => location.hash })
  const { data, error } = useQuery({ ...invitation(secret), enabled: secret !== '' })
  const noSecret = new ApiError(
    'NoInvitation',
    'This address has no invitation in it.',
    404,
    'Open the whole link that you were sent.',
  )
  return (
    <FrontDoor title={`Welcome to ${config.title}`}>
      <Failure error={secret === '' ? noSecret : error} />
      {data && <SetPassword secret={secret} name={data.name} shortest={data.shortestPassword} />}
    </FrontDoor>
  )
}

function SetPassword({
  secret,
  name,
  shortest,
}: {
  secret: string
  name: string
  shortest: number
}) {
  const [differ, setDiffer] = useState(false)
  const accept = useMutation({
    mutationFn: (password: string) => acceptInvitation(secret, password),
    onSuccess: () => window.location.assign(`${config.basePath}/`),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [password, again] = [String(form.get('password')), String(form.get('again'))]
    setDiffer(password !== again)
    if (password === again) accept.mutate(password)
  }
  const twice = new ApiError('Password', 'The two passwords are not the same.', 400)
  return (
    <form onSubmit={submit}>
      <p>
        Choose a password for your account <strong>{name}</strong>. You are signed in with it at
        once.
      </p>
      <Failure error={differ ? twice : accept.error} />
      <input type="hidden" name="username" autoComplete="username" value={name} readOnly />
      <TextInput
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={shortest}
        required
        note={`At least ${shortest} characters: four or five words are easy to keep in mind.`}
      />
      <TextInput
        label="The same again"
        name="again"
        type="password"
        autoComplete="new-password"
        required
      />
      <Button primary type="submit" disabled={accept.isPending || accept.isSuccess}>
        Set password
      </Button>
    </form>
  )
}
