import { useNavigate } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { type FormEvent, useRef } from 'react'
import { EVERYTHING } from '../api/catalog-search'
import { paths } from '../paths'
import { Button } from '../ui/button'
import { useSlash } from '../ui/use-slash'
import styles from './home-search.module.css'
import { linkSearch } from './use-catalog-search'

/** Looks for a text in the catalog, where the search goes on. */
export function HomeSearch() {
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  useSlash(input)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = input.current?.value.trim() ?? ''
    void navigate({ to: paths.catalog(), search: linkSearch({ ...EVERYTHING, text }) })
  }
  return (
    <search>
      <form className={styles.search} onSubmit={submit}>
        <Search size={17} aria-hidden="true" />
        <input
          ref={input}
          type="text"
          inputMode="search"
          aria-label="Search the catalog"
          aria-keyshortcuts="/"
          placeholder="Search the catalog"
          autoComplete="off"
          spellCheck={false}
        />
        <kbd>/</kbd>
        <Button type="submit">Search</Button>
      </form>
    </search>
  )
}
