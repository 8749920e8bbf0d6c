import { type RefObject, useEffect, useRef } from 'react'

/** A reference to what takes the focus when it has just been added. */
export function useFocusWhen<T extends HTMLElement>(isNew: boolean): RefObject<T | null> {
  const target = useRef<T>(null)

  // The focus is the browser's: whoever adds something goes on with it at once.
  useEffect(() => {
    if (isNew) target.current?.focus()
  }, [isNew])

  return target
}
