import { Link, useRouterState } from '@tanstack/react-router'
import { MapPinOff } from 'lucide-react'
import { paths } from '../paths'
import { buttonClass } from '../ui/button'
import { Empty } from '../ui/empty'

/** Where no page is. */
export default function NotFound() {
  const address = useRouterState({ select: (state) => state.location.pathname })
  return (
    <>
      <title>Page not found</title>
      <Empty
        page
        title="There is no page at this address"
        icon={<MapPinOff size={22} aria-hidden="true" />}
        actions={
          <Link to={paths.catalog()} search={{}} className={buttonClass(true)}>
            Open the catalog
          </Link>
        }
      >
        <p>
          <code>{address}</code> leads nowhere. Entities live at{' '}
          <code>/catalog/namespace/kind/name</code>.
        </p>
      </Empty>
    </>
  )
}
