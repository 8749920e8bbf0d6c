import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type EntityRef, shortName } from '../api/ref'
import { removeRole } from '../api/roles'
import { paths } from '../paths'
import { ConfirmButton } from '../ui/confirm-button'

/** A button that removes a role, and then leads back to the list. */
export function RoleDelete({
  entityRef,
  onError,
}: {
  entityRef: EntityRef
  /** Called with what went wrong, and with nothing when it is tried again. */
  onError: (error: unknown) => void
}) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const name = shortName(entityRef)
  const remove = useMutation({
    mutationFn: removeRole,
    onMutate: () => onError(undefined),
    onError,
    onSuccess: async () => {
      await navigate({ to: paths.roles(), search: {} })
      void queries.invalidateQueries({ queryKey: ['roles'] })
      void queries.invalidateQueries({ queryKey: ['allowed'] })
    },
  })
  return (
    <ConfirmButton
      label="Remove"
      about={name}
      question={`Remove the role ${name}?`}
      disabled={remove.isPending}
      onConfirm={() => remove.mutate(entityRef)}
    >
      Its members lose at once what they may do by it alone. What it denies counts no more, so that
      other roles may give it to them.
    </ConfirmButton>
  )
}
