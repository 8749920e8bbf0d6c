import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../api/permissions'
import { type Trial, tryRole } from '../api/role-calls'
import { fileDraft, type RoleDraft, roleName } from '../api/role-draft'
import { problemsOf } from '../api/role-problems'
import { READ_ROLES, type RuleInfo, type WholeRole } from '../api/roles'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Failure } from './failure'
import { PersonField } from './person-field'
import { TrialView } from './trial-view'
import styles from './try-panel.module.css'

const PEOPLE = ['user']

/** Tries a role out for somebody before it counts. */
export function TryPanel({
  draft,
  base,
  rules,
  onWrong,
}: {
  draft: RoleDraft
  base: WholeRole | undefined
  rules: readonly RuleInfo[]
  /** Called when the draft has to be put right before it can be tried. */
  onWrong: () => void
}) {
  const may = useMay([READ_ROLES])
  const [person, setPerson] = useState('')
  const tried = useMutation({
    mutationFn: async (of: RoleDraft): Promise<Trial> => {
      const before = base?.role.name
      const isRenamed = before !== undefined && before !== roleName(of.name)
      return await tryRole(person, fileDraft(of), isRenamed ? before : undefined)
    },
  })
  if (!may(READ_ROLES)) return null

  const submit = () => {
    // A role can be tried before it has a name or members; conditions have to be whole.
    const wrong = [...problemsOf(draft, rules).keys()].some((key) => key.includes(' '))
    if (wrong) onWrong()
    else tried.mutate(draft)
  }
  const choose = (ref: string) => {
    setPerson(ref)
    tried.reset()
  }
  return (
    <Card title="Try it before it counts" note="Nothing is changed by this">
      <div className={styles.panel}>
        <div className={styles.question}>
          <PersonField
            label="Person to try it for"
            kinds={PEOPLE}
            chosen={person}
            onChange={choose}
          />
          <Button disabled={!person || tried.isPending} onClick={submit}>
            What would they see?
          </Button>
        </div>
        <Failure error={tried.error} />
        <div role="status">
          {tried.data && <TrialView trial={tried.data} isOld={tried.variables !== draft} />}
        </div>
      </div>
    </Card>
  )
}
