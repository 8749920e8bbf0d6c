import { Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { parseRef } from '../api/ref'
import type { RoleDraft, Topic } from '../api/role-draft'
import { problemsOf } from '../api/role-problems'
import type { RuleInfo, WholeRole } from '../api/roles'
import { paths } from '../paths'
import { Button, buttonClass } from '../ui/button'
import { Card } from '../ui/card'
import { TextInput } from '../ui/text-input'
import { LeaveGuard } from './leave-guard'
import { MembersField } from './members-field'
import styles from './role-form.module.css'
import { SaveFailure } from './save-failure'
import { StatementsField } from './statements-field'
import { TryPanel } from './try-panel'
import { useSaveRole } from './use-save-role'

const NONE: ReadonlyMap<string, string> = new Map()

/** Makes a role, or changes one. */
export function RoleForm({
  opened,
  initial,
  topics,
  rules,
}: {
  /** The role that is changed; none, when a new one is made. */
  opened?: WholeRole
  initial: RoleDraft
  topics: readonly Topic[]
  rules: readonly RuleInfo[]
}) {
  // Only the first one counts: the page may be drawn anew while somebody writes.
  const [initialDraft] = useState(initial)
  const [draft, setDraft] = useState(initialDraft)
  const [attempts, setAttempts] = useState(0)
  const { base, save, isSaved } = useSaveRole(opened)
  const form = useRef<HTMLFormElement>(null)
  const problems = problemsOf(draft, rules)
  const shown = attempts > 0 ? problems : NONE
  const change = (part: Partial<RoleDraft>) => setDraft({ ...draft, ...part })

  // The first field that is wrong is known only when it is drawn as such.
  useEffect(() => {
    if (attempts > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [attempts])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (problems.size > 0) setAttempts(attempts + 1)
    else save.mutate(draft)
  }
  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <LeaveGuard isDirty={() => draft !== initialDraft && !isSaved.current} />
      <Card title="Role">
        <div className={styles.names}>
          <TextInput
            label="Name"
            value={draft.name}
            problem={shown.get('name')}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="front-of-house"
            onChange={({ target }) => change({ name: target.value })}
          />
          <TextInput
            label="Description"
            value={draft.description}
            maxLength={500}
            autoComplete="off"
            placeholder="Who sells tickets"
            onChange={({ target }) => change({ description: target.value })}
          />
        </div>
      </Card>
      <Card title="Members">
        <MembersField
          members={draft.members}
          problem={shown.get('members')}
          onChange={(members) => change({ members })}
        />
      </Card>
      <Card title="What it permits">
        <StatementsField
          statements={draft.statements}
          topics={topics}
          rules={rules}
          problems={shown}
          onChange={(statements) => change({ statements })}
        />
      </Card>
      <TryPanel draft={draft} base={base} rules={rules} onWrong={() => setAttempts(attempts + 1)} />
      <SaveFailure error={save.error} />
      <div className={styles.acts}>
        <Button primary type="submit" disabled={save.isPending}>
          {base ? 'Save' : 'Make the role'}
        </Button>
        <Back base={base} />
        <p role="status" className={styles.wrong}>
          {shown.size > 0 && `Put right what is marked first: ${count(shown.size)}.`}
        </p>
      </div>
    </form>
  )
}

const count = (number: number) => (number === 1 ? 'one thing' : `${number} things`)

function Back({ base }: { base: WholeRole | undefined }) {
  const ref = parseRef(base?.role.name ?? '')
  return (
    <Link to={ref ? paths.role(ref) : paths.roles()} search={{}} className={buttonClass()}>
      Cancel
    </Link>
  )
}
