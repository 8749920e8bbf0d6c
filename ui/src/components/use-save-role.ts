import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { parseRef } from '../api/ref'
import { type RoleDraft, writtenDraft } from '../api/role-draft'
import { planSave } from '../api/role-plan'
import { runSteps, SaveStopped } from '../api/role-save'
import { oneRole, type WholeRole } from '../api/roles'
import { paths } from '../paths'

/** Saves a role, and then leads to its page. After a save that stopped, the next one goes on from there. */
export function useSaveRole(opened: WholeRole | undefined) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [base, setBase] = useState(opened)
  // Known at once, and not only when the page is drawn again: the way to the next page is free then.
  const isSaved = useRef(false)

  /** What is there now. Its old name comes first: until the role has the new one, another role may have that. */
  const lookAgain = async (draft: RoleDraft) => {
    for (const name of [base?.role.name, writtenDraft(draft).head.name]) {
      const ref = name && parseRef(name)
      const found = ref && (await queries.fetchQuery(oneRole(ref)).catch(() => undefined))
      if (found) return setBase(found)
    }
  }

  const save = useMutation({
    mutationFn: (draft: RoleDraft) => runSteps(planSave(base, writtenDraft(draft))),
    onError: async (error, draft) => {
      // A new role whose name is taken was not made, and the one that has the name is another one.
      const isOurs = base !== undefined || (error instanceof SaveStopped && error.done.length > 0)
      if (isOurs) await lookAgain(draft)
    },
    onSuccess: async (saved, draft) => {
      const ref = parseRef(writtenDraft(draft).head.name)
      isSaved.current = true
      if (ref) await navigate({ to: paths.role(ref), search: {}, state: { saved } })
      // What whoever saved may see and do can be something else now, on every page.
      void queries.invalidateQueries()
    },
  })
  return { base, save, isSaved }
}
