import { type FormEvent, useState } from 'react'
import type { WhyQuestion } from '../api/explain'
import type { PluginPermissions } from '../api/roles'
import { Button } from '../ui/button'
import { ChoiceField } from '../ui/choice-field'
import { TextInput } from '../ui/text-input'
import { PersonField } from './person-field'
import styles from './why-form.module.css'

const PEOPLE = ['user']
const ENTITY = 'catalog-entity'

/** Asks why somebody may do something, to one thing or in general. */
export function WhyForm({
  question,
  plugins,
  isBusy,
  ask,
}: {
  question: WhyQuestion
  /** What can be asked about; absent for those who ask about themselves only. */
  plugins: readonly PluginPermissions[] | undefined
  isBusy: boolean
  ask: (question: WhyQuestion) => void
}) {
  const [asked, setAsked] = useState(question)
  const [draft, setDraft] = useState(question)
  // The question changed elsewhere (the back button, a link), so it replaces the draft.
  if (!isSame(asked, question)) {
    setAsked(question)
    setDraft(question)
  }
  const [isTried, setIsTried] = useState(false)
  const change = (part: Partial<WhyQuestion>) => setDraft({ ...draft, ...part })
  const all = plugins?.flatMap(({ policies }) => policies)
  const type = all?.find(({ name }) => name === draft.permission)?.resourceType
  const problem = isTried && !draft.permission ? 'Choose a permission.' : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setIsTried(true)
    if (draft.permission) ask(type || !all ? draft : { ...draft, thing: '' })
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {plugins && (
        <PersonField
          label="Who"
          note="You, when nobody is chosen."
          kinds={PEOPLE}
          chosen={draft.user}
          onChange={(user) => change({ user })}
        />
      )}
      {plugins ? (
        <PermissionField
          plugins={plugins}
          chosen={draft.permission}
          problem={problem}
          onChange={(permission) => change({ permission, thing: '' })}
        />
      ) : (
        <TextInput
          label="Permission"
          value={draft.permission}
          problem={problem}
          placeholder="catalog.entity.delete"
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => change({ permission: target.value.trim() })}
        />
      )}
      {type === ENTITY || (!plugins && draft.permission.startsWith('catalog.entity.')) ? (
        <PersonField
          label="Thing"
          note="If one is chosen, each condition is tried on it."
          chosen={draft.thing}
          onChange={(thing) => change({ thing })}
        />
      ) : (
        type && (
          <TextInput
            label={`Thing of the type ${type}`}
            note="If one is named, each condition is tried on it."
            value={draft.thing}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => change({ thing: target.value.trim() })}
          />
        )
      )}
      <Button primary type="submit" disabled={isBusy}>
        Explain
      </Button>
    </form>
  )
}

const isSame = (one: WhyQuestion, other: WhyQuestion) =>
  one.user === other.user && one.permission === other.permission && one.thing === other.thing

function PermissionField({
  plugins,
  chosen,
  problem,
  onChange,
}: {
  plugins: readonly PluginPermissions[]
  chosen: string
  problem: string | undefined
  onChange: (permission: string) => void
}) {
  const isKnown = plugins.some(({ policies }) => policies.some(({ name }) => name === chosen))
  return (
    <ChoiceField
      label="Permission"
      value={chosen}
      problem={problem}
      onChange={({ target }) => onChange(target.value)}
    >
      <option value="">Choose…</option>
      {chosen && !isKnown && <option>{chosen}</option>}
      {plugins.map(({ pluginId, policies }) => (
        <optgroup key={pluginId} label={pluginId}>
          {policies.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </optgroup>
      ))}
    </ChoiceField>
  )
}
