/** The three parts that name an entity. */
export interface EntityRef {
  kind: string
  namespace: string
  name: string
}

const DEFAULT_NAMESPACE = 'default'

/**
 * Reads `[kind:][namespace/]name`. A `/` before the `:` means that there is no kind part, as in
 * Backstage. Answers `undefined` when a part is empty or the kind is nowhere to be found.
 */
export function parseRef(
  text: string,
  defaults: Partial<Pick<EntityRef, 'kind' | 'namespace'>> = {},
): EntityRef | undefined {
  const trimmed = text.trim()
  const slash = trimmed.indexOf('/')
  const colon = trimmed.indexOf(':')
  const hasKind = colon !== -1 && (slash === -1 || colon < slash)
  const kind = hasKind ? trimmed.slice(0, colon) : defaults.kind
  const rest = hasKind ? trimmed.slice(colon + 1) : trimmed
  const cut = rest.indexOf('/')
  const namespace = cut === -1 ? (defaults.namespace ?? DEFAULT_NAMESPACE) : rest.slice(0, cut)
  const name = cut === -1 ? rest : rest.slice(cut + 1)
  return kind && namespace && name ? { kind, namespace, name } : undefined
}

/** The canonical text, in lower case: the form of relation targets. */
export function printRef({ kind, namespace, name }: EntityRef): string {
  return `${kind}:${namespace}/${name}`.toLowerCase()
}

/** The shortest text that still tells entities of one kind apart. */
export function shortName({ namespace, name }: EntityRef): string {
  return namespace.toLowerCase() === DEFAULT_NAMESPACE ? name : `${namespace}/${name}`
}

/** The reference of an entity as it was served. */
export function refOf(entity: {
  kind: string
  metadata: { name: string; namespace?: string | null }
}): EntityRef {
  const { name, namespace } = entity.metadata
  return { kind: entity.kind, namespace: namespace ?? DEFAULT_NAMESPACE, name }
}
