import { Fragment, type ReactNode } from 'react'
import { annotation, type Entity, profileText, relationsOf, specText } from '../api/entity'
import { type EntityRef, printRef } from '../api/ref'
import { safeLocationUrl, safeUrl } from '../api/safe-url'
import { Card } from '../ui/card'
import { ExternalLink } from '../ui/external-link'
import styles from './entity-about.module.css'
import { EntityLink, type Summaries } from './entity-link'
import { Lifecycle } from './lifecycle'

/** The relations that say where an entity belongs, as a person would. */
const PLACES: [relation: string, kind: string | undefined, label: string][] = [
  ['ownedBy', undefined, 'Owner'],
  ['partOf', 'system', 'System'],
  ['partOf', 'domain', 'Domain'],
  ['partOf', 'component', 'Component'],
  ['childOf', undefined, 'Parent'],
  ['memberOf', undefined, 'Teams'],
]

/** The facts about an entity; who owns it comes first, and is missed when nobody does. */
export function EntityAbout({ entity, known }: { entity: Entity; known: Summaries | undefined }) {
  const facts: [label: string, value: ReactNode][] = []
  for (const [relation, kind, label] of PLACES) {
    const refs = relationsOf(entity, relation).filter((ref) => !kind || ref.kind === kind)
    if (refs.length > 0) facts.push([label, <References key={label} refs={refs} known={known} />])
    else if (label === 'Owner' && specText(entity, 'lifecycle'))
      facts.push([label, <NoOwner key={label} />])
  }
  const lifecycle = specText(entity, 'lifecycle')
  const type = specText(entity, 'type')
  const email = profileText(entity, 'email')
  if (type) facts.push(['Type', type])
  if (lifecycle) facts.push(['Lifecycle', <Lifecycle key="lifecycle" stage={lifecycle} />])
  if (email) {
    facts.push([
      'E-mail',
      <ExternalLink key="email" url={`mailto:${email}`}>
        {email}
      </ExternalLink>,
    ])
  }
  facts.push(['Namespace', entity.metadata.namespace ?? 'default'], ['Source', sources(entity)])

  return (
    <Card title="About">
      <dl className={styles.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function References({ refs, known }: { refs: EntityRef[]; known: Summaries | undefined }) {
  return (
    <ul className={styles.references}>
      {refs.map((ref) => (
        <li key={printRef(ref)}>
          <EntityLink entityRef={ref} summaries={known} icon />
        </li>
      ))}
    </ul>
  )
}

function NoOwner() {
  return (
    <span className={styles.absent}>
      Nobody. Set <code>spec.owner</code>.
    </span>
  )
}

/** Where the code and the entity's own file are, as links where a browser can follow them. */
function sources(entity: Entity): ReactNode {
  const code = safeLocationUrl(annotation(entity, 'backstage.io/source-location'))
  const view = safeUrl(annotation(entity, 'backstage.io/view-url'))
  const location = annotation(entity, 'backstage.io/managed-by-location')
  const file = view ? undefined : location
  if (!code && !view && !file) return 'unknown'
  return (
    <ul className={styles.references}>
      {code && (
        <li>
          <ExternalLink url={code}>Code</ExternalLink>
        </li>
      )}
      {view && (
        <li>
          <ExternalLink url={view}>Catalog file</ExternalLink>
        </li>
      )}
      {file && (
        <li>
          <Path text={file.replace(/^(?:file|url):/, '')} />
        </li>
      )}
    </ul>
  )
}

/** A path that may break after its slashes, and nowhere else while there is room. */
function Path({ text }: { text: string }) {
  return (
    <code className={styles.path}>
      {text.split(/(?<=\/)/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a path have no other identity
        <Fragment key={index}>
          {part}
          <wbr />
        </Fragment>
      ))}
    </code>
  )
}
