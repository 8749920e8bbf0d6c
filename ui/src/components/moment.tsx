/** A moment to the second where the reader is; the title has it in UTC, as the log does. */
export function Moment({ at, className }: { at: string; className?: string | undefined }) {
  return (
    <time dateTime={at} title={at} className={className}>
      {FORMAT.format(new Date(at))}
    </time>
  )
}

const FORMAT = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})
