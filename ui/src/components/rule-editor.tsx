import type { DraftRule } from '../api/condition-draft'
import { ALIASES, ruleChoice, sayText } from '../api/conditions'
import type { RuleInfo } from '../api/roles'
import { type RuleField, ruleFields } from '../api/rule-schema'
import { ChoiceField } from '../ui/choice-field'
import { TextInput } from '../ui/text-input'
import { TextsInput } from '../ui/texts-input'
import styles from './condition-editor.module.css'
import { useFocusWhen } from './use-focus-when'

const textOf = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(textOf) : value === undefined ? [] : [textOf(value)]

/** One rule of conditions, with fields for what it has to be told. */
export function RuleEditor({
  draft,
  rules,
  problem,
  isNew,
  onChange,
}: {
  draft: DraftRule
  rules: readonly RuleInfo[]
  problem: string | undefined
  isNew: boolean
  onChange: (draft: DraftRule) => void
}) {
  const select = useFocusWhen<HTMLSelectElement>(isNew)
  const rule = rules.find(({ name }) => name === draft.rule)
  const isUnknown = draft.rule !== '' && !rule
  const tell = (name: string, value: unknown) =>
    onChange({ ...draft, params: { ...draft.params, [name]: value } })
  return (
    <div className={styles.rule}>
      <ChoiceField
        label="Condition"
        hidesLabel
        ref={select}
        value={draft.rule}
        problem={problem}
        onChange={({ target }) => onChange({ ...draft, rule: target.value, params: {} })}
      >
        <option value="">Choose what it has to be like…</option>
        {isUnknown && <option>{draft.rule}</option>}
        {rules.map(({ name, description }) => (
          <option key={name} value={name} title={description}>
            {ruleChoice(name)}
          </option>
        ))}
      </ChoiceField>
      {rule &&
        ruleFields(rule).map((field) => (
          <ParamField
            key={field.name}
            field={field}
            value={draft.params[field.name]}
            onChange={(value) => tell(field.name, value)}
          />
        ))}
    </div>
  )
}

function ParamField({
  field,
  value,
  onChange,
}: {
  field: RuleField
  value: unknown
  onChange: (value: unknown) => void
}) {
  const { name, description, kind, options, required, isAboutPeople } = field
  const label = required ? name : `${name} (if it matters)`
  if (kind === 'texts') {
    return (
      <TextsInput
        label={label}
        note={description}
        texts={textsOf(value)}
        sayOf={isAboutPeople ? sayText : String}
        offers={isAboutPeople ? Object.keys(ALIASES) : options}
        onChange={onChange}
      />
    )
  }
  if (options.length > 0) {
    return (
      <ChoiceField
        label={label}
        value={textOf(value)}
        onChange={({ target }) => onChange(target.value)}
      >
        <option value="">{required ? 'Choose…' : 'any'}</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </ChoiceField>
    )
  }
  return (
    <TextInput
      label={label}
      note={isAboutPeople ? `${description}. $currentUser stands for whoever asks.` : description}
      value={textOf(value)}
      autoComplete="off"
      spellCheck={false}
      onChange={({ target }) => onChange(target.value)}
    />
  )
}
