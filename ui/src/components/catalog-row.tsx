import { Link } from '@tanstack/react-router'
import { TriangleAlert, Unlink } from 'lucide-react'
import { type Entity, isOrphan, problemsOf, relationsOf, specText, titleOf } from '../api/entity'
import { type EntityRef, printRef, refOf, shortName } from '../api/ref'
import { paths } from '../paths'
import { Prose } from '../ui/prose'
import { Tag } from '../ui/tag'
import styles from './catalog-table.module.css'
import { EntityLink, type Summaries } from './entity-link'
import { KindTile, kindName } from './kind-icon'
import { Lifecycle } from './lifecycle'
import { StarButton } from './star-button'

/** The most tags in a row; the entity's page has them all. */
const MOST_TAGS = 2

const NONE = (
  <span className={styles.none}>
    <span aria-hidden="true">–</span>
    <span className="visually-hidden">none</span>
  </span>
)

/** An entity in the table. The whole row leads to its page. */
export function CatalogRow({ entity, known }: { entity: Entity; known: Summaries | undefined }) {
  const type = specText(entity, 'type')
  const lifecycle = specText(entity, 'lifecycle')
  const systems = relationsOf(entity, 'partOf').filter(({ kind }) => kind !== 'component')
  return (
    <tr>
      <td className={styles.name}>
        <NameCell entity={entity} />
      </td>
      <td data-hide="small">
        <span className={styles.type}>{type ?? kindName(entity.kind)}</span>
        {type && <span className={styles.kind}>{kindName(entity.kind)}</span>}
      </td>
      <td data-hide="small">
        <References refs={relationsOf(entity, 'ownedBy')} known={known} />
      </td>
      <td data-hide="narrow">
        <References refs={systems} known={known} />
      </td>
      <td data-hide="small">{lifecycle ? <Lifecycle stage={lifecycle} /> : NONE}</td>
      <td data-hide="narrow">
        <Tags tags={entity.metadata.tags ?? []} />
      </td>
    </tr>
  )
}

function NameCell({ entity }: { entity: Entity }) {
  const ref = refOf(entity)
  const title = titleOf(entity)
  const { description, name } = entity.metadata
  return (
    <div className={styles.entity}>
      <KindTile kind={entity.kind} />
      <div className={styles.words}>
        <div className={styles.line}>
          <Link to={paths.entity(ref)} search={{}} className={styles.title} data-row-link>
            {title}
          </Link>
          {title !== name && <code className={styles.id}>{shortName(ref)}</code>}
          <Markers entity={entity} />
        </div>
        {description && (
          <p className={styles.description}>
            <Prose text={description} />
          </p>
        )}
        <p className={styles.meta}>
          {[kindName(entity.kind), specText(entity, 'type'), specText(entity, 'lifecycle')]
            .filter((word) => word !== undefined)
            .join(' · ')}
        </p>
      </div>
      <StarButton entityRef={ref} title={title} small />
    </div>
  )
}

function Markers({ entity }: { entity: Entity }) {
  const problems = problemsOf(entity).length
  const words = `${problems} ${problems === 1 ? 'problem' : 'problems'}`
  return (
    <>
      {problems > 0 && (
        <span className={styles.problem} title={`${words}: open the entity to see more`}>
          <TriangleAlert size={14} aria-hidden="true" />
          <span className="visually-hidden">{words}</span>
        </span>
      )}
      {isOrphan(entity) && (
        <span className={styles.orphan} title="Orphan: no source delivers this entity any more">
          <Unlink size={14} aria-hidden="true" />
          <span className="visually-hidden">orphan</span>
        </span>
      )}
    </>
  )
}

function References({ refs, known }: { refs: readonly EntityRef[]; known: Summaries | undefined }) {
  const [first, ...others] = refs
  if (!first) return NONE
  return (
    <span className={styles.references}>
      <EntityLink key={printRef(first)} entityRef={first} summaries={known} />
      {others.length > 0 && <span className={styles.more}>+{others.length}</span>}
    </span>
  )
}

function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return NONE
  return (
    <span className={styles.tags}>
      {tags.slice(0, MOST_TAGS).map((tag) => (
        <Tag key={tag}>{tag}</Tag>
      ))}
      {tags.length > MOST_TAGS && (
        <span className={styles.more} title={tags.slice(MOST_TAGS).join(', ')}>
          +{tags.length - MOST_TAGS}
        </span>
      )}
    </span>
  )
}
