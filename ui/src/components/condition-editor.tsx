import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import {
  type DraftCondition,
  type DraftGroup,
  emptyGroup,
  emptyRule,
  isGroup,
  type Together,
} from '../api/condition-draft'
import { aboutCondition, type Problems } from '../api/role-problems'
import type { RuleInfo } from '../api/roles'
import { Button } from '../ui/button'
import { ChoiceField } from '../ui/choice-field'
import { IconButton } from '../ui/icon-button'
import styles from './condition-editor.module.css'
import { RuleEditor } from './rule-editor'
import { useFocusWhen } from './use-focus-when'

/** How the parts of a group count together, in words that go on after “if”. */
const TOGETHER: Readonly<Record<Together, string>> = {
  allOf: 'all of these are true',
  anyOf: 'any of these is true',
  noneOf: 'none of these is true',
}

/** Beyond this the server refuses, and nobody understands it any more. */
const DEEPEST = 8

interface Editing {
  rules: readonly RuleInfo[]
  problems: Problems
}

/** Builds conditions: rules, and groups of rules in each other. */
export function ConditionEditor({
  group,
  path = [],
  isNew = false,
  onChange,
  ...editing
}: Editing & {
  group: DraftGroup
  /** Where it is in the groups around it, as numbers from 1. */
  path?: readonly number[]
  isNew?: boolean
  onChange: (group: DraftGroup) => void
}) {
  const depth = path.length
  const select = useFocusWhen<HTMLSelectElement>(isNew)
  const adding = useRef<HTMLButtonElement>(null)
  const [added, setAdded] = useState<number>()
  const change = (items: DraftCondition[]) => onChange({ ...group, items })
  const add = (item: DraftCondition) => {
    setAdded(item.key)
    change([...group.items, item])
  }
  const put = (item: DraftCondition) =>
    change(group.items.map((other) => (other.key === item.key ? item : other)))
  const remove = (key: number) => {
    // What had the focus goes away; the next thing to do is likely to add another one.
    adding.current?.focus()
    change(group.items.filter((other) => other.key !== key))
  }
  return (
    <fieldset className={styles.group} data-depth={depth % 2}>
      <legend className="visually-hidden">
        {depth === 0 ? 'Conditions' : 'Group of conditions'}
      </legend>
      <div className={styles.together}>
        <span aria-hidden="true">{depth === 0 ? 'if' : ''}</span>
        <ChoiceField
          label="How they count together"
          hidesLabel
          ref={select}
          value={group.together}
          problem={editing.problems.get(aboutCondition(group.key))}
          onChange={({ target }) => onChange({ ...group, together: target.value as Together })}
        >
          {Object.entries(TOGETHER).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </ChoiceField>
      </div>
      <ul className={styles.items}>
        {group.items.map((item, index) => (
          <li key={item.key} className={styles.item}>
            <Part
              {...editing}
              item={item}
              path={[...path, index + 1]}
              isNew={item.key === added}
              onChange={put}
            />
            <IconButton
              label={`Remove ${isGroup(item) ? 'group' : 'condition'} ${[...path, index + 1].join('.')}`}
              onClick={() => remove(item.key)}
            >
              <X size={15} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className={styles.acts}>
        <Button ref={adding} onClick={() => add(emptyRule())}>
          <Plus size={14} aria-hidden="true" />
          Add a condition
        </Button>
        {depth < DEEPEST && (
          <Button onClick={() => add(emptyGroup(group.together === 'anyOf' ? 'allOf' : 'anyOf'))}>
            <Plus size={14} aria-hidden="true" />
            Add a group
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function Part({
  item,
  path,
  isNew,
  onChange,
  ...editing
}: Editing & {
  item: DraftCondition
  path: readonly number[]
  isNew: boolean
  onChange: (item: DraftCondition) => void
}) {
  if (isGroup(item)) {
    return (
      <ConditionEditor {...editing} group={item} path={path} isNew={isNew} onChange={onChange} />
    )
  }
  return (
    <RuleEditor
      draft={item}
      rules={editing.rules}
      problem={editing.problems.get(aboutCondition(item.key))}
      isNew={isNew}
      onChange={onChange}
    />
  )
}
