import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, Fragment } from 'react'
import { apiUrl } from '../api/client'
import { hasPasskeys, signInWithPasskey } from '../api/credentials'
import { ApiError, errorFromBody } from '../api/error'
import { signInMethods, signInWithPassword } from '../api/me'
import { returnAddress } from '../api/return-address'
import type { components } from '../api/schema'
import { ErrorView } from '../components/error-view'
import { Failure } from '../components/failure'
import { FrontDoor } from '../components/front-door'
import styles from '../components/front-door.module.css'
import { config } from '../config'
import { Button, buttonClass } from '../ui/button'
import { TextInput } from '../ui/text-input'

type Method = components['schemas']['Provider']

/** What is shown instead of everything else while nobody is signed in. */
export default function SignIn() {
  // Addresses are read as lists of texts, see url-search.ts.
  const search: Record<string, unknown> = useSearch({ strict: false })
  const [to, error] = [first(search.to), first(search.error)]
  const { data, error: unknown, refetch } = useQuery(signInMethods)
  const address = returnAddress(to)
  return (
    <FrontDoor title={`Sign in to ${config.title}`}>
      {typeof error === 'string' && <Failure error={new ApiError('SignIn', error, 401)} />}
      {unknown && (
        <ErrorView
          title="The ways to sign in are not known"
          error={unknown}
          onRetry={() => void refetch()}
        />
      )}
      {data?.map((method, index) => (
        <Fragment key={method.id}>
          {index > 0 && isPassword(method) && <div className={styles.or}>or</div>}
          <WayIn method={method} address={address} />
        </Fragment>
      ))}
      {data?.length === 0 && (
        <p>Nobody can sign in here: the configuration names no way to do so.</p>
      )}
    </FrontDoor>
  )
}

const first = (values: unknown): unknown => (Array.isArray(values) ? values[0] : undefined)

const isPassword = ({ kind }: Method): boolean => kind === 'password'

/** The whole page begins anew, so that nothing of what a stranger saw is kept. */
const enter = (address: string): void => window.location.assign(`${config.basePath}${address}`)

function WayIn({ method, address }: { method: Method; address: string }) {
  if (method.kind === 'password') return <Password address={address} />
  if (method.kind === 'popup') return <Elsewhere method={method} address={address} />
  return <AtOnce method={method} address={address} />
}

/** The provider's own pages. */
function Elsewhere({ method, address }: { method: Method; address: string }) {
  const here = new URL(`${config.basePath}${address}`, document.baseURI).href
  const start = new URL(apiUrl(`/api/auth/${encodeURIComponent(method.id)}/start`))
  start.search = new URLSearchParams({
    env: method.environment,
    flow: 'redirect',
    redirectUrl: here,
    scope: '',
  }).toString()
  return (
    <a className={`${buttonClass()} ${styles.wide}`} href={start.href}>
      Continue with {method.title}
    </a>
  )
}

const refreshAddress = ({ id, environment }: Method): string =>
  apiUrl(`/api/auth/${encodeURIComponent(id)}/refresh?env=${encodeURIComponent(environment)}`)

/** A proxy vouches for the person, or nobody has to. */
function AtOnce({ method, address }: { method: Method; address: string }) {
  const signIn = useMutation({
    mutationFn: async () => {
      const response = await fetch(
        new Request(refreshAddress(method), {
          method: 'POST',
          headers: { 'X-Requested-With': 'XMLHttpRequest' },
        }),
      )
      if (!response.ok) {
        throw errorFromBody(await response.json().catch(() => null), response.status)
      }
    },
    onSuccess: () => enter(address),
  })
  return (
    <>
      <Failure error={signIn.error} />
      <Button
        className={styles.wide}
        disabled={signIn.isPending || signIn.isSuccess}
        onClick={() => signIn.mutate()}
      >
        {method.kind === 'guest' ? 'Look around as a guest' : `Continue with ${method.title}`}
      </Button>
    </>
  )
}

function Password({ address }: { address: string }) {
  const signIn = useMutation({
    mutationFn: ({ name, password }: { name: string; password: string }) =>
      signInWithPassword(name, password),
    onSuccess: () => enter(address),
  })
  const passkey = useMutation({ mutationFn: signInWithPasskey, onSuccess: () => enter(address) })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn.mutate({ name: String(form.get('name')), password: String(form.get('password')) })
  }
  return (
    <form onSubmit={submit}>
      <Failure error={signIn.error} />
      <TextInput label="Name" name="name" autoComplete="username" autoCapitalize="none" required />
      <TextInput
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <Button primary type="submit" disabled={signIn.isPending || signIn.isSuccess}>
        Sign in
      </Button>
      {hasPasskeys() && (
        <>
          <Failure error={passkey.error} />
          <Button
            className={styles.wide}
            disabled={passkey.isPending || passkey.isSuccess}
            onClick={() => passkey.mutate()}
          >
            Sign in with a passkey
          </Button>
        </>
      )}
    </form>
  )
}
