import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'
import { IconButton } from './icon-button'

/** How long the button says that it worked. */
const SAID_FOR_MS = 1600

/** Copies a text. Absent where the browser has no clipboard, as on plain http. */
export function CopyButton({
  text,
  label,
  compact = false,
}: {
  text: string
  label: string
  compact?: boolean
}) {
  const [copied, setCopied] = useState(false)

  // The word "Copied" goes away by itself: a timer is outside React.
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [copied])

  if (!navigator.clipboard) return null
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  const Icon = copied ? Check : Copy
  const said = (
    <span className="visually-hidden" role="status">
      {copied && 'Copied'}
    </span>
  )
  if (compact) {
    return (
      <>
        <IconButton label={label} onClick={copy}>
          <Icon size={14} aria-hidden="true" />
        </IconButton>
        {said}
      </>
    )
  }
  return (
    <Button onClick={copy}>
      <Icon size={14} aria-hidden="true" />
      {copied ? 'Copied' : label}
      {said}
    </Button>
  )
}
