import { Link } from '@tanstack/react-router'
import { Pencil } from 'lucide-react'
import { EVERYTHING } from '../api/catalog-search'
import { annotation, type Entity, profileText, specText, titleOf } from '../api/entity'
import { printRef, refOf } from '../api/ref'
import { safeUrl } from '../api/safe-url'
import { paths } from '../paths'
import { buttonClass } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { Prose } from '../ui/prose'
import { Tag } from '../ui/tag'
import styles from './entity-header.module.css'
import { KindTile, kindName, kindPlural } from './kind-icon'
import { Lifecycle } from './lifecycle'
import { StarButton } from './star-button'
import { linkSearch } from './use-catalog-search'

/** Who an entity is: enough to know whether this is the page one was looking for. */
export function EntityHeader({ entity }: { entity: Entity }) {
  const ref = refOf(entity)
  const type = specText(entity, 'type')
  const lifecycle = specText(entity, 'lifecycle')
  const kind = entity.kind.toLowerCase()
  const ofKind = { ...EVERYTHING, filters: { ...EVERYTHING.filters, kind: [kind] } }
  const edit = safeUrl(annotation(entity, 'backstage.io/edit-url'))

  return (
    <header className={styles.header}>
      <nav aria-label="Breadcrumb" className={styles.crumbs}>
        <Link to={paths.catalog()} search={{}}>
          Catalog
        </Link>
        <span aria-hidden="true">/</span>
        <Link to={paths.catalog()} search={linkSearch(ofKind)}>
          {kindPlural(entity.kind)}
        </Link>
      </nav>
      <div className={styles.row}>
        <Picture entity={entity} />
        <div className={styles.words}>
          <h1>{titleOf(entity)}</h1>
          <div className={styles.facts}>
            <span>
              {kindName(entity.kind)}
              {type && ` · ${type}`}
            </span>
            {lifecycle && <Lifecycle stage={lifecycle} />}
            <span className={styles.ref}>
              <code>{printRef(ref)}</code>
              <CopyButton compact text={printRef(ref)} label="Copy the reference" />
            </span>
          </div>
        </div>
        <StarButton entityRef={ref} title={titleOf(entity)} />
        {edit && (
          <a href={edit} target="_blank" rel="noopener noreferrer" className={buttonClass()}>
            <Pencil size={14} aria-hidden="true" />
            Edit
            <span className="visually-hidden"> its file (opens in a new tab)</span>
          </a>
        )}
      </div>
      {entity.metadata.description && (
        <p className={styles.description}>
          <Prose text={entity.metadata.description} />
        </p>
      )}
      <Tags tags={entity.metadata.tags ?? []} />
    </header>
  )
}

/** A face where there is one. Only https: the page's security policy blocks everything else. */
function Picture({ entity }: { entity: Entity }) {
  const picture = safeUrl(profileText(entity, 'picture'))
  if (!picture?.startsWith('https:')) return <KindTile kind={entity.kind} large />
  return <img className={styles.picture} src={picture} alt="" referrerPolicy="no-referrer" />
}

function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <ul className={styles.tags} aria-label="Tags">
      {tags.map((tag) => (
        <li key={tag}>
          <Link
            to={paths.catalog()}
            search={linkSearch({ ...EVERYTHING, filters: { ...EVERYTHING.filters, tag: [tag] } })}
          >
            <Tag>{tag}</Tag>
          </Link>
        </li>
      ))}
    </ul>
  )
}
