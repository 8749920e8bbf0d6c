import { useMemo } from 'react'
import { stringify } from 'yaml'
import type { Entity } from '../api/entity'
import { CodeView } from '../ui/code-view'

/** The whole entity as the server has it, in the notation of its file. */
export function YamlView({ entity }: { entity: Entity }) {
  const source = useMemo(
    () => stringify(entity, { lineWidth: 0, aliasDuplicateObjects: false }),
    [entity],
  )
  return <CodeView source={source} label="Entity as served" yaml />
}
