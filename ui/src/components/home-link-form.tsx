import { type FormEvent, useState } from 'react'
import { LONGEST_TITLE, LONGEST_URL, type QuickLink, typedUrl } from '../api/quick-links'
import { Button } from '../ui/button'
import { TextInput } from '../ui/text-input'
import styles from './home-links.module.css'

/** Asks for a link. */
export function HomeLinkForm({
  onAdd,
  onCancel,
}: {
  onAdd: (link: QuickLink) => void
  onCancel: () => void
}) {
  const [isWrong, setWrong] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const url = typedUrl(String(form.get('url')))
    setWrong(!url)
    if (url) onAdd({ title: String(form.get('title')).trim() || new URL(url).host, url })
  }
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Add a link">
      <TextInput
        label="Address"
        name="url"
        inputMode="url"
        placeholder="grafana.example.com"
        autoComplete="off"
        maxLength={LONGEST_URL}
        // Whoever asked for the form goes on typing.
        ref={(input) => input?.focus()}
        required
      />
      <TextInput label="Title" name="title" autoComplete="off" maxLength={LONGEST_TITLE} />
      {isWrong && (
        <p role="alert" className={styles.wrong}>
          This is no web address.
        </p>
      )}
      <div className={styles.buttons}>
        <Button primary type="submit">
          Add
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}
