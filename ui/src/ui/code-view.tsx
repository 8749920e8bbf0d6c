import { useMemo, useState } from 'react'
import { Button } from './button'
import styles from './code-view.module.css'
import { CopyButton } from './copy-button'
import { highlightYaml, type Token } from './highlight-yaml'

/** Lines shown before somebody asks for all of them. */
const FOLDED_LINES = 120
/** Above this, colours would cost more time than they are worth. */
const MOST_COLOURED_LINES = 4000

const plain = (source: string): Token[][] =>
  source.split('\n').map((text) => [{ kind: 'plain', text }])

/** Text of a machine's language, with line numbers; long texts are folded. */
export function CodeView({
  source,
  label,
  yaml = false,
}: {
  source: string
  label: string
  yaml?: boolean
}) {
  const [open, setOpen] = useState(false)
  const lines = useMemo(() => {
    const text = source.replace(/\n$/, '')
    const coloured = yaml && text.split('\n').length <= MOST_COLOURED_LINES
    return coloured ? highlightYaml(text) : plain(text)
  }, [source, yaml])
  const shown = open ? lines : lines.slice(0, FOLDED_LINES)
  const hidden = lines.length - shown.length

  return (
    <figure className={styles.view} aria-label={label}>
      <figcaption className={styles.bar}>
        <span>
          {label}
          <span className={styles.size}>{lines.length.toLocaleString('en')} lines</span>
        </span>
        <CopyButton text={source} label="Copy" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must take the focus, or keyboards cannot scroll it */}
      <section className={styles.scroll} tabIndex={0} aria-label={`${label}, text`}>
        <pre className={styles.code}>
          {shown.map((tokens, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <Line key={index} tokens={tokens} />
          ))}
        </pre>
      </section>
      {hidden > 0 && (
        <div className={styles.more}>
          <Button onClick={() => setOpen(true)}>
            Show {hidden.toLocaleString('en')} more {hidden === 1 ? 'line' : 'lines'}
          </Button>
        </div>
      )}
    </figure>
  )
}

function Line({ tokens }: { tokens: Token[] }) {
  return (
    <span className={styles.line}>
      {tokens.map(({ kind, text }, index) =>
        kind === 'plain' ? (
          text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no other identity
          <span key={index} data-token={kind}>
            {text}
          </span>
        ),
      )}
      {'\n'}
    </span>
  )
}
