import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useRef } from 'react'
import { summaries } from '../api/queries'
import { parseRef } from '../api/ref'
import { IconButton } from '../ui/icon-button'
import { EntityLink } from './entity-link'
import { EntityPicker } from './entity-picker'
import styles from './members-field.module.css'

const KINDS = ['user', 'group']

/** The people and groups that have a role: found in the catalog, and removable. */
export function MembersField({
  members,
  problem,
  onChange,
}: {
  members: readonly string[]
  problem: string | undefined
  onChange: (members: string[]) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  const { data } = useQuery(summaries(members))
  const remove = (member: string) => {
    onChange(members.filter((other) => other !== member))
    input.current?.focus()
  }
  return (
    <div className={styles.field}>
      <EntityPicker
        label="Add a person or group"
        note="Whoever is in a group has its roles, and so has everybody in the groups below it."
        problem={problem}
        kinds={KINDS}
        without={members}
        inputRef={input}
        onPick={(ref) => onChange([...members, ref])}
      />
      {members.length > 0 && (
        <ul className={styles.members} aria-label="Members">
          {members.map((member) => {
            const ref = parseRef(member)
            return (
              <li key={member}>
                {ref ? <EntityLink entityRef={ref} summaries={data} icon /> : member}
                <IconButton label={`Remove ${member}`} onClick={() => remove(member)}>
                  <X size={13} aria-hidden="true" />
                </IconButton>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
