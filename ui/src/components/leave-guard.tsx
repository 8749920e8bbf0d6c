import { useBlocker } from '@tanstack/react-router'
import { QuestionDialog } from '../ui/question-dialog'

/** Asks before somebody leaves a form that they have written something in. */
export function LeaveGuard({ isDirty }: { isDirty: () => boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty() && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  })
  const answer = (isYes: boolean) => (isYes ? proceed?.() : reset?.())
  return (
    <QuestionDialog
      isOpen={status === 'blocked'}
      question="Leave without saving?"
      no="Stay here"
      yes="Leave"
      onAnswer={answer}
    >
      What you have written here would be lost.
    </QuestionDialog>
  )
}
